import { memo, useState } from 'react'

import { Icon } from './Icon'
import type { Conversation } from './views'
import { named, t } from './words'

export const Briefing = memo(function Briefing({ conversation }: { conversation: Conversation }) {
  const [open, setOpen] = useState(() => innerHeight > 700 && innerWidth > 900)
  const shown = open || conversation.state === 'accepted'
  return (
    <section className={`briefing ${conversation.state}`} aria-label={t('briefing')}>
      <button className="fold" aria-expanded={shown} onClick={() => setOpen(!shown)}>
        <span className="tag strong">{named('reason', conversation.reason)}</span>
        <span className="wanted">{conversation.wanted}</span>
        <Mood points={conversation.mood} />
        {conversation.state !== 'accepted' && <Icon name="down" />}
      </button>
      {shown && (
        <dl>
          {conversation.step && <Row word="stands_at" text={conversation.step} />}
          {conversation.question && <Row word="open_question" text={conversation.question} />}
          <Row word="promised" items={conversation.promised} />
          <Row word="refused_by" items={conversation.refused} />
          <Row word="earlier" items={conversation.history} />
        </dl>
      )}
    </section>
  )
})

interface RowProps {
  word: 'stands_at' | 'open_question' | 'promised' | 'refused_by' | 'earlier'
  text?: string
  items?: readonly string[]
}
function Row({ word, text, items }: RowProps) {
  if (items && !items.length) return null
  return (
    <div className={`row-${word}`}>
      <dt>{t(word)}</dt>
      {text !== undefined && <dd>{text}</dd>}
      {items?.map((item) => <dd key={item}>{item}</dd>)}
    </div>
  )
}

/** Anger over the conversation, as a line. */
export function Mood({ points }: { points: readonly [number, number][] }) {
  const last = points.at(-1)
  if (!last) return null
  const most = Math.max(...points.map(([, anger]) => anger))
  const word = last[1] > 0.6 ? 'angry' : last[1] > 0.3 ? 'tense' : 'calm'
  const begin = (points[0] as [number, number])[0]
  const long = last[0] - begin
  const line = points.map(([at, anger]) => `${(((at - begin) / long) * 60).toFixed(1)},${(17 - anger * 14).toFixed(1)}`).join(' ')
  const label = t('mood_now', { n: Math.round(last[1] * 100), m: Math.round(most * 100) })
  return (
    <span className={`mood ${word}`} role="img" aria-label={label} title={label}>
      <svg viewBox="0 0 60 20" aria-hidden="true"><polyline points={long > 0 ? line : `0,${17 - last[1] * 14} 60,${17 - last[1] * 14}`} /></svg>
      {t(word)}
    </span>
  )
}
