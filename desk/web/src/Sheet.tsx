import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react'

import { field, openDialog } from './hooks'
import { Icon } from './Icon'
import { notice } from './store'
import { t } from './words'

export const shut = () => openDialog({ kind: '' })

let sending = false
/** The dialog that is open has been sent and waits for its answer: what it asked for may be seen before. */
export const isSending = () => sending

export function Dialog({ title, wide, children }: { title: string; wide?: boolean; children: ReactNode }) {
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    const element = box.current
    // a press beside it closes it; Escape does so by itself
    const beside = (event: MouseEvent) => {
      if (event.target === element) shut()
    }
    element?.addEventListener('click', beside)
    element?.showModal()
    // not the button that closes it, which comes first
    element?.querySelector<HTMLElement>('form :is(input, select, textarea), .find input, form .primary')?.focus()
    return () => {
      element?.removeEventListener('click', beside)
      before?.focus()
    }
  }, [])
  return (
    <dialog ref={box} className={wide ? 'wide' : ''} aria-label={title} onClose={shut}>
      <div className="inside">
        <header>
          <h2>{title}</h2>
          <button className="icon" aria-label={t('close')} onClick={shut}><Icon name="close" /></button>
        </header>
        {children}
      </div>
    </dialog>
  )
}

interface SheetProps {
  title: string
  button: string
  children: ReactNode
  send: (data: FormData) => Promise<{ ok: boolean; text?: string }>
}
/** A dialog that asks for something and stays open, saying why, when it cannot be done. */
export function Sheet({ title, button, children, send }: SheetProps) {
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const there = useRef(false)
  useEffect(() => {
    there.current = true
    sending = false
    return () => void (there.current = false)
  }, [])
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    const lacking = event.currentTarget.querySelector<HTMLInputElement>(':is(input, select, textarea):invalid')
    if (lacking) {
      lacking.focus()
      return setError(t('please_fill', { name: nameOf(lacking) }))
    }
    setBusy(true)
    sending = true
    const answer = await send(new FormData(event.currentTarget))
    if (!there.current) {
      // what it was about has gone with it, or before it
      if (!answer.ok) notice('warn', answer.text || t('refused'))
      return
    }
    sending = false
    setBusy(false)
    if (answer.ok) shut()
    else setError(answer.text || t('refused'))
  }
  return (
    <Dialog title={title}>
      <form onSubmit={submit} noValidate>
        {children}
        <p className="error" role="alert">{error}</p>
        <footer>
          <button type="button" onClick={shut}>{t('cancel')}</button>
          <button className="primary" disabled={busy}>{button}</button>
        </footer>
      </form>
    </Dialog>
  )
}

/** What a field is called: of one of several to choose from, what they are called together. In the page's words: the
 * browser's own speak the browser's language. */
function nameOf(input: HTMLInputElement): string {
  const named = input.type === 'radio' ? input.closest('fieldset')?.querySelector('legend') : input.closest('label')?.firstChild
  return named?.textContent ?? input.getAttribute('aria-label') ?? ''
}

/** What stands in a form under this name, trimmed. */
export const text = (data: FormData, name: string) => field(data, name).trim()
