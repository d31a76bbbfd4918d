// Dialogs by which a conversation leaves this desk: to others, to the bot, or for good.

import { useState } from 'react'

import { draft, unsent, useUnsent, write } from './drafts'
import { Sheet, text } from './Sheet'
import { isOver, useStore } from './store'
import type { Answer, Conversation, Field } from './views'
import { ask } from './wire'
import { t } from './words'

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

/** Words to the caller that were written and not sent, where the conversation is about to leave this desk: what is to
 * become of them. */
function Unsent({ id }: { id: string }) {
  const words = useUnsent(id)
  if (!words) return null
  return (
    <fieldset className="unsent-words">
      <legend>{t('not_sent_yet')}</legend>
      <blockquote>{words}</blockquote>
      <label className="choice"><input type="radio" name="unsent" value="send" required /> {t('send_first')}</label>
      <label className="choice"><input type="radio" name="unsent" value="discard" /> {t('discard_it')}</label>
    </fieldset>
  )
}

/** As was chosen in `Unsent`; then the rest. What could not be sent keeps the conversation here. */
async function after(data: FormData, id: string, rest: () => Promise<Answer>): Promise<Pick<Answer, 'ok' | 'text'>> {
  const words = unsent(id)
  const chosen = text(data, 'unsent')
  if (words && chosen === 'send') {
    const said = await ask('Say', { conversation: id, text: words })
    if (!said.ok) return said
  }
  if (words && chosen) write(id, '')
  return rest()
}

export function Transfer({ conversation }: { conversation: Conversation }) {
  const { id } = conversation
  const [kind, setKind] = useState('cold')
  return (
    <Sheet
      title={t('transfer')}
      button={t('transfer')}
      send={(data) => after(data, id, () => ask('Transfer', { conversation: id, ...whom(text(data, 'to')), kind, note: text(data, 'note') }))}
    >
      {kind === 'cold' && <Unsent id={id} />}
      <label>{t('transfer_to')}<Whom /></label>
      <fieldset>
        <legend>{t('kind')}</legend>
        <label className="choice"><input type="radio" name="kind" value="cold" checked={kind === 'cold'} onChange={() => setKind('cold')} /> <span><b>{t('cold')}</b><small>{t('cold_hint')}</small></span></label>
        <label className="choice"><input type="radio" name="kind" value="warm" checked={kind === 'warm'} onChange={() => setKind('warm')} /> <span><b>{t('warm')}</b><small>{t('warm_hint')}</small></span></label>
      </fieldset>
      <label>{t('note_for')}<textarea name="note" rows={2} maxLength={2000} /></label>
    </Sheet>
  )
}

export function Pull({ conversation }: { conversation: Conversation }) {
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

export function ToBot({ conversation }: { conversation: Conversation }) {
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
        const back = { conversation: conversation.id, step: text(data, 'step'), values: Object.fromEntries(values) }
        return after(data, conversation.id, () => ask('GiveBack', back))
      }}
    >
      <Unsent id={conversation.id} />
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

/** The caller has left before it was sent. */
function TooLate({ id }: { id: string }) {
  const words = useUnsent(id)
  if (!words) return null
  return (
    <div className="unsent-words">
      <p>{t('too_late')}</p>
      <blockquote>{words}</blockquote>
    </div>
  )
}

export function Finish({ conversation }: { conversation: Conversation }) {
  const { id } = conversation
  const [missing] = useState(() => conversation.form.filter((field) => field.required && !field.value))
  return (
    <Sheet
      title={t('finish_title')}
      button={t('finish')}
      send={(data) => {
        const values = Object.fromEntries(missing.map((field) => [field.name, text(data, `field ${field.name}`)]))
        const close = { conversation: id, disposition: text(data, 'disposition'), note: text(data, 'note'), values }
        return after(data, id, () => ask('Close', close))
      }}
    >
      {isOver(conversation) ? <TooLate id={id} /> : <Unsent id={id} />}
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
      <label>{t('note')}<textarea name="note" rows={3} maxLength={4000} defaultValue={draft(id, 'note')} onChange={(event) => write(id, event.target.value, 'note')} /></label>
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
