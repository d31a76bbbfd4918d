import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react'

import { type Act, audit, changePassword, exportTickets } from './api'
import { ALT, choose, field, openDialog, type Question, useDialog, useSetting } from './hooks'
import { Icon } from './Icon'
import { problem } from './SignIn'
import { isOver, notice, useStore } from './store'
import type { Conversation, Field } from './views'
import { ask } from './wire'
import { clock, named, t } from './words'

const shut = () => openDialog({ kind: '' })

export function Dialogs() {
  const opened = useDialog()
  const { kind } = opened
  const id = 'conversation' in opened ? opened.conversation : ''
  const conversation = useStore((state) => state.conversations.get(id))
  // it ended while the dialog was open
  const late = id !== '' && (!conversation || (isOver(conversation) && kind !== 'finish' && kind !== 'ticket'))
  useEffect(() => {
    if (!late) return
    shut()
    notice('warn', t('ended_meanwhile'))
  }, [late])
  if (late) return null
  switch (kind) {
    case 'help':
      return <Help />
    case 'password':
      return <Password />
    case 'audit':
      return <Audit />
    case 'export':
      return <Export />
    case 'transfer':
      return conversation ? <Transfer conversation={conversation} /> : null
    case 'pull':
      return conversation ? <Pull conversation={conversation} /> : null
    case 'bot':
      return conversation ? <ToBot conversation={conversation} /> : null
    case 'finish':
      return conversation ? <Finish conversation={conversation} /> : null
    case 'ticket':
      return conversation ? <NewTicket conversation={conversation} /> : null
    case 'sure':
      return <Sure question={opened.question} />
    case '':
      return null
  }
}

function Dialog({ title, wide, children }: { title: string; wide?: boolean; children: ReactNode }) {
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
function Sheet({ title, button, children, send }: SheetProps) {
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    const lacking = event.currentTarget.querySelector<HTMLInputElement>(':is(input, select, textarea):invalid')
    if (lacking) {
      lacking.focus()
      return setError(t('please_fill', { name: nameOf(lacking) }))
    }
    setBusy(true)
    const answer = await send(new FormData(event.currentTarget))
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

const text = (data: FormData, name: string) => field(data, name).trim()

/** A queue or a colleague, and nobody by default: a slip of Enter sends no caller anywhere. */
function Whom({ self = false }: { self?: boolean }) {
  const queues = useStore((state) => state.queues)
  const agents = useStore((state) => state.agents)
  const me = useStore((state) => state.me?.id)
  const others = [...agents.values()].filter((agent) => agent.id !== me && agent.presence !== 'offline')
  return (
    <select name="to" required defaultValue="" aria-label={t('transfer_to')}>
      <option value="">{t('choose')}</option>
      {self && <option value={`agent ${me ?? ''}`}>{t('for_me')}</option>}
      <optgroup label={t('a_queue')}>
        {[...queues.values()].map((queue) => (
          <option key={queue.name} value={`queue ${queue.name}`} disabled={!queue.open}>
            {queue.title || queue.name} · {t('waiting')} {queue.waiting} · {t('free_agents')} {queue.agents}
          </option>
        ))}
      </optgroup>
      {others.length > 0 && (
        <optgroup label={t('an_agent')}>
          {others.map((agent) => (
            <option key={agent.id} value={`agent ${agent.id}`}>{agent.name} · {t(agent.presence)}</option>
          ))}
        </optgroup>
      )}
    </select>
  )
}

function whom(chosen: string): { queue: string } | { agent: string } {
  const [kind, ...rest] = chosen.split(' ')
  return kind === 'queue' ? { queue: rest.join(' ') } : { agent: rest.join(' ') }
}

function Transfer({ conversation }: { conversation: Conversation }) {
  return (
    <Sheet
      title={t('transfer')}
      button={t('transfer')}
      send={(data) => ask('Transfer', { conversation: conversation.id, ...whom(text(data, 'to')), kind: text(data, 'kind'), note: text(data, 'note') })}
    >
      <label>{t('transfer_to')}<Whom /></label>
      <fieldset>
        <legend>{t('kind')}</legend>
        <label className="choice"><input type="radio" name="kind" value="cold" defaultChecked /> <span><b>{t('cold')}</b><small>{t('cold_hint')}</small></span></label>
        <label className="choice"><input type="radio" name="kind" value="warm" /> <span><b>{t('warm')}</b><small>{t('warm_hint')}</small></span></label>
      </fieldset>
      <label>{t('note_for')}<textarea name="note" rows={2} maxLength={2000} /></label>
    </Sheet>
  )
}

function Pull({ conversation }: { conversation: Conversation }) {
  return (
    <Sheet
      title={t('pull_title')}
      button={t('pull')}
      send={(data) => ask('Pull', { conversation: conversation.id, ...whom(text(data, 'to')) })}
    >
      <label>{t('transfer_to')}<Whom self /></label>
    </Sheet>
  )
}

function ToBot({ conversation }: { conversation: Conversation }) {
  return (
    <Sheet
      title={t('to_bot')}
      button={t('to_bot')}
      send={(data) => {
        const values = conversation.slots.flatMap((slot) => {
          const value = text(data, `slot ${slot.name}`)
          const same = !slot.private && value === slot.masked
          return value && !same ? [[slot.name, value] as const] : []
        })
        return ask('GiveBack', { conversation: conversation.id, step: text(data, 'step'), values: Object.fromEntries(values) })
      }}
    >
      <label>
        {t('return_at')}
        <select name="step">
          <option value="">{t('where_it_was')}{conversation.step && ` · ${conversation.step}`}</option>
          {conversation.steps.map(([id, title]) => <option key={id} value={id}>{title}</option>)}
        </select>
      </label>
      {conversation.slots.length > 0 && (
        <fieldset className="grid">
          <legend>{t('put_right')}</legend>
          {conversation.slots.filter((slot) => slot.source !== 'script').map((slot) => (
            <label key={slot.name}>
              {slot.title}
              <input name={`slot ${slot.name}`} defaultValue={slot.private ? '' : slot.masked} placeholder={slot.private ? slot.masked : ''} maxLength={200} autoComplete="off" />
            </label>
          ))}
        </fieldset>
      )}
    </Sheet>
  )
}

function Sure({ question }: { question: Question }) {
  return (
    <Sheet title={question.title} button={question.button} send={question.run}>
      <p>{question.text}</p>
    </Sheet>
  )
}

function Finish({ conversation }: { conversation: Conversation }) {
  const [missing] = useState(() => conversation.form.filter((field) => field.required && !field.value))
  return (
    <Sheet
      title={t('finish_title')}
      button={t('finish')}
      send={(data) => {
        const values = Object.fromEntries(missing.map((field) => [field.name, text(data, `field ${field.name}`)]))
        return ask('Close', { conversation: conversation.id, disposition: text(data, 'disposition'), note: text(data, 'note'), values })
      }}
    >
      {missing.length > 0 && (
        <fieldset className="grid">
          <legend>{t('still_missing')}</legend>
          {missing.map((field) => <Missing key={field.name} field={field} />)}
        </fieldset>
      )}
      <fieldset className="dispositions">
        <legend>{t('disposition')}</legend>
        {conversation.dispositions.map((name) => (
          <label key={name} className="choice"><input type="radio" name="disposition" value={name} required /> {name}</label>
        ))}
        {!conversation.dispositions.length && <input name="disposition" required maxLength={100} aria-label={t('disposition')} />}
      </fieldset>
      <label>{t('note')}<textarea name="note" rows={3} maxLength={4000} /></label>
    </Sheet>
  )
}

/** A field that must be filled before the end, where one is asked for it. */
function Missing({ field }: { field: Field }) {
  const name = `field ${field.name}`
  return (
    <label>
      {field.title}
      {field.choices?.length ? (
        <select name={name} required defaultValue="">
          <option value="">{t('choose')}</option>
          {field.choices.map((choice) => <option key={choice}>{choice}</option>)}
        </select>
      ) : (
        <input name={name} required maxLength={500} autoComplete="off" />
      )}
    </label>
  )
}

function NewTicket({ conversation }: { conversation: Conversation }) {
  const queues = useStore((state) => state.queues)
  return (
    <Sheet
      title={t('file_ticket')}
      button={t('file_ticket')}
      send={async (data) => {
        const due = text(data, 'due')
        const answer = await ask('FileTicket', {
          conversation: conversation.id,
          queue: text(data, 'queue'),
          title: text(data, 'title'),
          ...(due ? { due: new Date(due).getTime() / 1000 } : {}),
        })
        if (answer.ok) notice('info', t('ticket_filed'))
        return answer
      }}
    >
      <label>{t('ticket_title')}<input name="title" required maxLength={200} /></label>
      <label>
        {t('queue')}
        <select name="queue" defaultValue={conversation.queue}>
          {[...queues.values()].map((queue) => <option key={queue.name} value={queue.name}>{queue.title || queue.name}</option>)}
        </select>
      </label>
      <label>{t('due')}<input name="due" type="datetime-local" /></label>
    </Sheet>
  )
}

function Password() {
  return (
    <Sheet
      title={t('change_password')}
      button={t('save')}
      send={async (data) => {
        const result = await changePassword(field(data, 'old'), field(data, 'new'))
        if (result.ok) notice('info', t('changed'))
        return { ok: result.ok, text: problem(result) }
      }}
    >
      <label>{t('old_password')}<input name="old" type="password" autoComplete="current-password" required /></label>
      <label>{t('new_password')}<input name="new" type="password" autoComplete="new-password" minLength={10} required /></label>
    </Sheet>
  )
}

function Export() {
  return (
    <Sheet
      title={t('export_title')}
      button={t('export')}
      send={async (data) => {
        const result = await exportTickets(field(data, 'form'), field(data, 'private') !== '')
        if (result.ok) notice('info', t('exported'))
        return { ok: result.ok, text: result.ok ? '' : result.code === 'network' ? problem(result) : named('outcome', result.code) }
      }}
    >
      <label>
        {t('export_form')}
        <select name="form">
          <option value="csv">{t('export_csv')}</option>
          <option value="json">JSON</option>
        </select>
      </label>
      <label className="check"><input name="private" type="checkbox" />{t('export_private')}</label>
    </Sheet>
  )
}

const KEYS = [
  ['Alt A', 'k_accept'], ['Alt J', 'k_decline'], ['Alt ↓ ↑', 'k_next'], ['Alt R', 'k_write'], ['Alt W', 'k_beside'], ['Alt 1-3', 'k_suggest'], ['/', 'k_phrase'],
  ['Enter', 'k_send'], ['Alt H', 'k_hold'], ['Alt M', 'k_mute'], ['Alt T', 'k_transfer'], ['Alt O', 'hand_over'], ['Alt L', 'join'], ['Alt U', 'take_back'], ['Alt B', 'k_bot'],
  ['Alt C', 'k_finish'], ['Alt N', 'k_note'], ['Alt I', 'k_form'], ['Alt K', 'k_knowledge'], ['Alt G', 'k_place'], ['Alt P', 'k_presence'],
  ['Esc', 'k_escape'], ['?', 'k_help'],
] as const

function Help() {
  const letters = useSetting('letters')
  return (
    <Dialog title={t('help')}>
      <dl className="keys">
        {KEYS.map(([keys, word]) => (
          <div key={word}>
            <dt>{keys.split(' ').map((key) => <kbd key={key}>{key === 'Alt' ? ALT : key}</kbd>)}</dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
      </dl>
      <label className="check">
        <input type="checkbox" checked={letters === 'on'} onChange={(event) => choose('letters', event.target.checked ? 'on' : 'off')} />
        {t('k_letters')}
      </label>
    </Dialog>
  )
}

function Audit() {
  const [acts, setActs] = useState<Act[]>([])
  const [user, setUser] = useState('')
  const [about, setAbout] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => void audit(user, about).then(setActs), 300)
    return () => clearTimeout(timer)
  }, [user, about])
  return (
    <Dialog title={t('audit')} wide>
      <div className="find">
        <input placeholder={t('find_who')} aria-label={t('find_who')} value={user} onChange={(event) => setUser(event.target.value)} />
        <input placeholder={t('find_about')} aria-label={t('find_about')} value={about} onChange={(event) => setAbout(event.target.value)} />
      </div>
      <div className="scroll" tabIndex={0} role="group" aria-label={t('audit')}>
        <table>
          <thead>
            <tr>{(['when', 'who', 'what', 'about', 'detail', 'outcome', 'address'] as const).map((word) => <th key={word} scope="col">{t(word)}</th>)}</tr>
          </thead>
          <tbody>
            {acts.map((item) => (
              <tr key={item.n}>
                <td>{clock(item.at, 'full')}</td><td>{item.user}</td><td>{named('act', item.what)}</td><td>{item.about}</td><td>{named('detail', item.detail)}</td><td className={item.outcome === 'ok' ? '' : 'bad'}>{named('outcome', item.outcome)}</td><td>{item.where}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  )
}
