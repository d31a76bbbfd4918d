import { useState } from 'react'

import { useNow } from './hooks'
import { FormField } from './More'
import { useStore } from './store'
import type { Ticket } from './views'
import { act } from './wire'
import { clock, named, t } from './words'

const MOVES: Record<Ticket['state'], readonly ('take' | 'release' | 'pend' | 'escalate' | 'solve' | 'close')[]> = {
  open: ['take'],
  assigned: ['solve', 'pend', 'escalate', 'release'],
  pending: ['take', 'solve', 'close'],
  solved: ['close', 'take'],
  closed: [],
}

export function Tickets() {
  const tickets = useStore((state) => state.tickets)
  const shown = [...tickets.values()].sort((a, b) => a.due - b.due)
  return (
    <main id="main" className="tickets" tabIndex={-1}>
      <h2>{t('tickets')}</h2>
      {!shown.length && <p className="quiet">{t('no_tickets')}</p>}
      <ul>{shown.map((ticket) => <One key={ticket.id} ticket={ticket} />)}</ul>
    </main>
  )
}

function One({ ticket }: { ticket: Ticket }) {
  const now = useNow()
  const [open, setOpen] = useState(false)
  const [note, setNote] = useState(ticket.note)
  const late = ticket.due < now && ticket.state !== 'closed' && ticket.state !== 'solved'
  const work = (what: string, values: Record<string, string> = {}) => act('WorkTicket', { ticket: ticket.id, do: what, note, values })
  return (
    <li className={late ? 'late' : ''}>
      <button className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={`state ${ticket.state}`}>{named('ticket', ticket.state)}</span>
        <b>{ticket.title}</b>
        <span className="quiet">{ticket.queue} · L{ticket.level} {ticket.caller && `· ${ticket.caller}`} {ticket.agent && `· ${ticket.agent}`}</span>
        <span className={late ? 'error' : 'quiet'}>{t(late ? 'overdue' : 'due')} {clock(ticket.due)}</span>
      </button>
      {open && (
        <div className="body">
          {ticket.form.map((field) => <FormField key={field.name} field={field} disabled={ticket.state === 'closed'} fill={(value) => work('take', { [field.name]: value })} />)}
          <label>{t('note')}<textarea rows={2} value={note} maxLength={4000} onChange={(event) => setNote(event.target.value)} /></label>
          <div className="row">
            {MOVES[ticket.state].map((what) => <button key={what} onClick={() => void work(what)}>{t(`do_${what}`)}</button>)}
          </div>
        </div>
      )}
    </li>
  )
}
