// Words beside the conversation: with the colleague who is asked, with the supervisor who coaches. The caller sees none.

import { useEffect, useLayoutEffect, useRef } from 'react'

import { type Pending, useStore } from './store'
import type { Aside, Conversation } from './views'
import { duration, t } from './words'
import { WriteBox } from './Write'

const NONE: readonly Aside[] = []

/** speaks: this person takes part, and does not only look on. */
export function Beside({ conversation, speaks }: { conversation: Conversation; speaks: boolean }) {
  const { id } = conversation
  const said = useStore((state) => state.asides.get(id) ?? NONE)
  const pending = useStore((state) => state.pending)
  const me = useStore((state) => state.me?.id ?? '')
  const box = useRef<HTMLDivElement>(null)
  const mine = pending.filter((item) => item.aside && item.conversation === id)
  const last = said.at(-1)
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [said, mine.length])
  useEffect(() => {
    const element = box.current
    if (!element) return
    // what takes room from it (the box to write to the caller, a keyboard) hides no last word
    const watch = new ResizeObserver(() => (element.scrollTop = element.scrollHeight))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  return (
    <section className="beside" aria-label={t('beside')}>
      <h3>{t('beside')} <small>{t('beside_hint')}</small></h3>
      <div className="asides" ref={box} role="log" aria-label={t('beside')} aria-live="off" tabIndex={0}>
        {!said.length && !mine.length && <p className="quiet">{t('beside_none')}</p>}
        {said.map((item) => <Line key={item.n} item={item} me={me} />)}
        {mine.map((item) => <Unsent key={item.id} item={item} />)}
      </div>
      <p className="hidden" aria-live="polite">{last && last.agent !== me ? `${last.agent}: ${last.text}` : ''}</p>
      {speaks && <WriteBox conversation={id} to="beside" letter="W" label={t('beside_write')} hint={t('beside_write')} button={t('beside_send')} />}
    </section>
  )
}

function Line({ item, me }: { item: Aside; me: string }) {
  const name = useStore((state) => state.agents.get(item.agent)?.name) ?? item.agent
  return (
    <div className={`aside${item.agent === me ? ' me' : ''}`}>
      <p className="by"><b>{item.agent === me ? t('me') : name}</b> <span className="time">{duration(item.at)}</span></p>
      <p className="words">{item.text}</p>
    </div>
  )
}

function Unsent({ item }: { item: Pending }) {
  return (
    <div className={`aside me unsent${item.failed ? ' failed' : ''}`}>
      <p className="by"><b>{t('me')}</b></p>
      <p className="words">{item.text} <small>{item.failed ? `${t('not_sent')}: ${item.failed}` : t('sending')}</small></p>
    </div>
  )
}
