import { useState } from 'react'

import { useDraft, write } from './drafts'
import { openDialog, useNow, useShortcut } from './hooks'
import { Origin } from './Origin'
import { FormField, PrivateField, Value } from './More'
import { notice, useStore } from './store'
import { isDone, type Me, type Ticket } from './views'
import { act, ask } from './wire'
import { clock, named, t } from './words'

type Move = 'take' | 'release' | 'pend' | 'escalate' | 'solve' | 'close' | 'assign' | 'reopen'
const MOVES: Record<Ticket['state'], readonly Move[]> = {
  open: ['take', 'assign'],
  assigned: ['solve', 'pend', 'escalate', 'release', 'assign'],
  pending: ['take', 'solve', 'close', 'assign'],
  solved: ['close', 'reopen'],
  closed: ['reopen'],
}

export function Tickets() {
  const tickets = useStore((state) => state.tickets)
  const [wanted, setWanted] = useState('')
  const watches = useStore((state) => isWatching(state.me))
  const words = wanted.trim().toLowerCase()
  const shown = [...tickets.values()]
    .filter((item) => !words || `${item.title} ${item.queue} ${item.caller} ${item.agent} ${named('ticket', item.state)}`.toLowerCase().includes(words))
    .sort((a, b) => Number(isDone(a)) - Number(isDone(b)) || (isDone(a) ? b.done - a.done : a.due - b.due))
  const step = (by: number) => {
    const folds = [...document.querySelectorAll<HTMLElement>('.tickets .fold')]
    const at = folds.findIndex((item) => item.parentElement?.contains(document.activeElement))
    folds[at < 0 ? (by > 0 ? 0 : folds.length - 1) : Math.max(0, Math.min(folds.length - 1, at + by))]?.focus()
  }
  useShortcut('ArrowDown', () => step(1))
  useShortcut('ArrowUp', () => step(-1))
  return (
    <main id="main" className="tickets" tabIndex={-1}>
      <h2>
        {t('tickets')} <span className="count">{shown.filter((item) => !isDone(item)).length}</span>
        {tickets.size > 0 && <input className="small" type="search" placeholder={t('find')} aria-label={t('find')} value={wanted} onChange={(event) => setWanted(event.target.value)} />}
        {watches && <button className="small" onClick={() => openDialog({ kind: 'export' })}>{t('export')}</button>}
      </h2>
      {!shown.length && <p className="quiet">{t(tickets.size ? 'nothing_found' : 'no_tickets')}</p>}
      <ul>{shown.map((ticket) => <One key={ticket.id} ticket={ticket} />)}</ul>
    </main>
  )
}

const isWatching = (me: Me | null) => me?.role === 'supervisor' || me?.role === 'admin'

function One({ ticket }: { ticket: Ticket }) {
  const now = useNow()
  const me = useStore((state) => state.me?.id)
  const watches = useStore((state) => isWatching(state.me))
  const agent = useStore((state) => state.agents.get(ticket.agent)?.name) ?? ticket.agent
  const [open, setOpen] = useState(false)
  const done = isDone(ticket)
  const late = ticket.due < now && !done
  return (
    <li className={late ? 'late' : done ? 'done' : ''}>
      <button className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={`state ${ticket.state}`}>{named('ticket', ticket.state)}</span>
        <b>{ticket.title}</b>
        <span className="quiet">{[ticket.queue, named('level', String(ticket.level)), ticket.caller, ticket.agent === me ? t('me') : agent, ticket.reopened > 0 && t('reopened', { n: ticket.reopened }), rated(ticket.rating)].filter(Boolean).join(' · ')}</span>
        <span className={late ? 'error' : 'quiet'}>{t(done ? 'done_at' : late ? 'overdue' : 'due')} {clock(done ? ticket.done : ticket.due)}</span>
      </button>
      {open && <Body ticket={ticket} mine={ticket.agent === me && ticket.state === 'assigned'} sees={(ticket.agent === me && !done) || watches} gives={ticket.agent === me || watches} />}
    </li>
  )
}

/** Its form is filled in by whoever has taken it: to save a field is to take the ticket. Private values are shown to
 * whose it is and to supervisors, on record; these give it to somebody else, and open it again. */
function Body({ ticket, mine, sees, gives }: { ticket: Ticket; mine: boolean; sees: boolean; gives: boolean }) {
  const note = useDraft(ticket.id, 'note')
  const [busy, setBusy] = useState(false)
  const work = async (move: Move) => {
    setBusy(true)
    const answer = await act('WorkTicket', { ticket: ticket.id, do: move, note: note.trim() })
    setBusy(false)
    if (!answer.ok) return
    write(ticket.id, '', 'note')
    notice('info', `${t(`did_${move}`)} · ${ticket.title}`)
  }
  const close = () => openDialog({
    kind: 'sure',
    question: {
      title: t('do_close'),
      text: t('close_sure', { title: ticket.title }),
      button: t('do_close'),
      run: async () => {
        const answer = await ask('WorkTicket', { ticket: ticket.id, do: 'close', note: note.trim() })
        if (answer.ok) write(ticket.id, '', 'note')
        return answer
      },
    },
  })
  const moves = MOVES[ticket.state].filter((move) => gives || (move !== 'assign' && move !== 'reopen'))
  const asks = { close, assign: () => openDialog({ kind: 'assign', ticket: ticket.id }), reopen: () => openDialog({ kind: 'reopen', ticket: ticket.id }) }
  const start = (move: Move) => (move in asks ? asks[move as keyof typeof asks]() : void work(move))
  const noted = moves.some((move) => move !== 'assign' && move !== 'reopen')
  const of = { conversation: ticket.conversation, ticket: ticket.id }
  return (
    <div className="body">
      {ticket.caller && (
        <dl className="slots">
          <Value slot={{ name: 'caller', title: t('caller'), masked: ticket.caller, private: true }} of={of} sees={sees} />
        </dl>
      )}
      {ticket.form.map((field) => {
        const fill = (value: string) => ask('WorkTicket', { ticket: ticket.id, do: 'take', values: { [field.name]: value } })
        return field.private
          ? <PrivateField key={field.name} field={field} of={of} mine={mine} sees={sees} fill={fill} />
          : <FormField key={field.name} field={field} disabled={!mine} fill={fill} />
      })}
      {!mine && ticket.form.length > 0 && moves.includes('take') && <p className="quiet">{t('take_first')}</p>}
      {ticket.note && <ul className="noted" aria-label={t('note')}>{ticket.note.split('\n').map((line, n) => <li key={n}>{line}</li>)}</ul>}
      {sees && ticket.conversation && <Origin ticket={ticket} />}
      {noted && <label>{t('note_with')}<textarea rows={2} value={note} maxLength={4000} onChange={(event) => write(ticket.id, event.target.value, 'note')} /></label>}
      <div className="row">
        {moves.map((move, n) => (
          <button key={move} className={n === 0 ? 'primary' : ''} disabled={busy} onClick={() => start(move)}>{t(`do_${move}`)}</button>
        ))}
      </div>
    </div>
  )
}

/** What the caller has answered to how it was. */
function rated(rating: string) {
  const [kind, score] = rating.split(' ')
  if (!kind || !score) return ''
  if (score === '-') return t('not_rated')
  return kind === 'nps' ? t('rated_nps', { score }) : t('rated_csat', { score })
}
