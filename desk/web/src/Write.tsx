import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react'

import { type Kind, useDraft, write } from './drafts'
import { useShortcut } from './hooks'
import { Icon } from './Icon'
import { say } from './wire'

const LONGEST = 4000

interface Props {
  conversation: string
  /** Whom the words are for. */
  to: Extract<Kind, '' | 'beside'>
  box?: RefObject<HTMLTextAreaElement | null>
  /** Alt and this letter go to it. */
  letter: string
  label: string
  hint: string
  button: string
  /** What stands in it is not to be sent as it is. */
  held?: boolean
  /** A key that means something else here; true: it has been taken. */
  keys?: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean
  list?: { 'aria-controls'?: string; 'aria-activedescendant'?: string; 'aria-autocomplete'?: 'list' }
  children?: ReactNode
}

/** As high as what stands in it. */
function fit(box: HTMLTextAreaElement | null): void {
  if (!box) return
  box.style.height = 'auto'
  box.style.height = `${Math.min(box.scrollHeight + 2, 160)}px`
}

/** Where words are written: Enter sends them, Shift Enter is a new line; it grows with what stands in it. */
export function WriteBox({ conversation, to, box, letter, label, hint, button, held = false, keys, list, children }: Props) {
  const text = useDraft(conversation, to)
  const own = useRef<HTMLTextAreaElement>(null)
  useImperativeHandle<HTMLTextAreaElement | null, HTMLTextAreaElement | null>(box, () => own.current)
  useShortcut(`Key${letter}`, () => own.current?.focus())
  useLayoutEffect(() => fit(own.current), [text])
  useEffect(() => {
    // a telephone is turned, a thread comes beside it
    let width = 0
    const watch = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width !== width) fit(own.current)
      width = entry?.contentRect.width ?? 0
    })
    if (own.current) watch.observe(own.current)
    return () => watch.disconnect()
  }, [])
  const send = () => {
    const words = text.trim()
    if (!words || held) return
    write(conversation, '', to)
    void say(conversation, words, to === 'beside')
  }
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    if (keys?.(event)) return event.preventDefault()
    if (event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    send()
  }
  return (
    <div className="write">
      <textarea
        ref={own}
        rows={1}
        value={text}
        maxLength={LONGEST}
        placeholder={hint}
        aria-label={label}
        aria-keyshortcuts={`Alt+${letter}`}
        {...list}
        onChange={(event) => write(conversation, event.target.value, to)}
        onKeyDown={pressed}
      />
      {children}
      <button className={to ? 'send' : 'primary send'} disabled={!text.trim() || held} onClick={send} aria-label={button}><Icon name="send" /></button>
    </div>
  )
}
