import { useState } from 'react'

import { Value } from './More'
import { useStore } from './store'
import { Line } from './Transcript'
import type { Ticket } from './views'
import { act } from './wire'
import { t } from './words'

/** The conversation that a ticket came from, fetched when it is asked for, on record. */
export function Origin({ ticket }: { ticket: Ticket }) {
  const origin = useStore((state) => state.origins.get(ticket.id))
  const me = useStore((state) => state.me?.id ?? '')
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const show = async () => {
    if (open) return setOpen(false)
    setBusy(true)
    const answer = await act('ReadTicket', { ticket: ticket.id })
    setBusy(false)
    setOpen(answer.ok)
  }
  const shown = open && origin
  return (
    <section className="origin" aria-label={t('came_from')}>
      <button className="small" aria-expanded={open} disabled={busy} onClick={() => void show()}>{t(open ? 'hide_origin' : 'show_origin')}</button>
      {shown && (origin.missing || (!origin.said.length && !origin.slots.length)) && <p className="quiet">{t('origin_missing')}</p>}
      {shown && origin.slots.length > 0 && (
        <dl className="slots">
          {origin.slots.map((slot) => <Value key={slot.name} slot={slot} of={{ conversation: origin.conversation, ticket: ticket.id }} sees />)}
        </dl>
      )}
      {shown && origin.recordings.map((path) => (
        // its words stand below
        // eslint-disable-next-line jsx-a11y/media-has-caption
        <audio key={path} controls preload="none" src={path} aria-label={t('recording')} />
      ))}
      {shown && origin.said.length > 0 && (
        <div className="lines" role="group" aria-label={t('transcript')} tabIndex={0}>
          <div className="flow">
            {origin.said.map((said) => <Line key={said.n} said={said} me={me} began={origin.began} clocked={origin.medium === 'text'} over />)}
          </div>
        </div>
      )}
    </section>
  )
}
