// Dialogs by which a ticket goes to somebody by name, or is opened again.

import { Sheet, text } from './Sheet'
import { notice, useStore } from './store'
import { ask } from './wire'
import { t } from './words'

/** To somebody who may be given tickets of its queue; nobody by default. */
export function Assign({ id }: { id: string }) {
  const ticket = useStore((state) => state.tickets.get(id))
  const agents = useStore((state) => state.agents)
  const me = useStore((state) => state.me?.id)
  if (!ticket) return null
  const fit = [...agents.values()].filter((agent) => agent.id !== ticket.agent && agent.queues.includes(ticket.queue))
  return (
    <Sheet
      title={t('assign_title')}
      button={t('do_assign')}
      send={async (data) => {
        const answer = await ask('WorkTicket', { ticket: id, do: 'assign', agent: text(data, 'agent'), note: text(data, 'note') })
        if (answer.ok) notice('info', `${t('did_assign')} · ${ticket.title}`)
        return answer
      }}
    >
      <p className="quiet">{ticket.title}</p>
      <label>
        {t('assign_to')}
        <select name="agent" required defaultValue="">
          <option value="">{t('choose')}</option>
          {fit.map((agent) => <option key={agent.id} value={agent.id}>{agent.id === me ? t('for_me') : `${agent.name} · ${t(agent.presence)}`}</option>)}
        </select>
      </label>
      {!fit.length && <p className="quiet">{t('assign_nobody')}</p>}
      <label>{t('note_for')}<textarea name="note" rows={2} maxLength={2000} /></label>
    </Sheet>
  )
}

export function Reopen({ id }: { id: string }) {
  const ticket = useStore((state) => state.tickets.get(id))
  if (!ticket) return null
  return (
    <Sheet
      title={t('do_reopen')}
      button={t('do_reopen')}
      send={async (data) => {
        const answer = await ask('WorkTicket', { ticket: id, do: 'reopen', note: text(data, 'note') })
        if (answer.ok) notice('info', `${t('did_reopen')} · ${ticket.title}`)
        return answer
      }}
    >
      <p className="quiet">{ticket.title}</p>
      <label>{t('reopen_why')}<textarea name="note" rows={2} required maxLength={2000} /></label>
    </Sheet>
  )
}
