import { useEffect, useState } from 'react'

import { type Act, audit, changePassword, exportTickets } from './api'
import { ALT, choose, field, type Question, useDialog, useSetting } from './hooks'
import { Finish, Pull, ToBot, Transfer } from './Leaving'
import { Dialog, isSending, Sheet, shut, text } from './Sheet'
import { problem } from './SignIn'
import { Assign, Reopen } from './TicketMoves'
import { isOver, notice, useStore } from './store'
import type { Conversation } from './views'
import { ask } from './wire'
import { clock, named, t } from './words'

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
    if (!isSending()) notice('warn', t('ended_meanwhile'))
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
    case 'assign':
      return <Assign id={opened.ticket} />
    case 'reopen':
      return <Reopen id={opened.ticket} />
    case 'sure':
      return <Sure question={opened.question} />
    case '':
      return null
  }
}

function Sure({ question }: { question: Question }) {
  return (
    <Sheet title={question.title} button={question.button} send={question.run}>
      <p>{question.text}</p>
    </Sheet>
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
