import { memo } from 'react'

import { useNow } from './hooks'
import { Icon } from './Icon'
import { Offers } from './Ringing'
import { awaiting, isOver, own, select, useStore } from './store'
import type { Conversation } from './views'
import { duration, t, useLanguage } from './words'

const SOON = 30 // s a caller may wait for words before it is shown …
const LATE = 120 // … and is late

export function List() {
  const all = useStore((state) => state.conversations)
  const me = useStore((state) => state.me)
  const closing = useStore((state) => state.closing)
  const selected = useStore((state) => state.selected)
  const supervising = useStore((state) => state.supervising)
  const mine = own(all, me, closing)
  const watched = [...supervising.keys()].map((id) => all.get(id)).filter((item) => item !== undefined)
  const shown = [...mine, ...watched.filter((item) => !mine.includes(item))]
  return (
    <section className="list" aria-label={t('conversations')}>
      <section className="have">
        <h2>{t('conversations')} <span className="count">{shown.length}</span></h2>
        {shown.length === 0 && <p className="nothing">{t('none_here')}</p>}
        <ul>
          {shown.map((item) => <Item key={item.id} item={item} current={item.id === selected} />)}
        </ul>
      </section>
      <Offers />
    </section>
  )
}

const Item = memo(function Item({ item, current }: { item: Conversation; current: boolean }) {
  useLanguage()
  const last = useStore((state) => state.said.get(item.id)?.at(-1))
  return (
    <li>
      <button className="item" aria-current={current} onClick={() => select(item.id)}>
        <span className={`medium ${item.medium}`}><Icon name={item.medium === 'voice' ? 'phone' : 'chat'} /></span>
        <span className="first">
          <span className="name cut" title={item.caller}>{item.caller || t('caller')}</span>
          <Since item={item} />
        </span>
        <span className="second">
          <span className="last cut">{last?.text ?? item.wanted}</span>
          <Badge item={item} />
        </span>
      </button>
    </li>
  )
})

/** What this conversation wants of its agent, the most pressing first. */
function Badge({ item }: { item: Conversation }) {
  const alert = useStore((state) => state.hints.get(item.id)?.some((hint) => hint.level === 'alert') ?? false)
  if (isOver(item)) return <span className="badge hold">{t('to_finish')}</span>
  if (item.on_hold) return <span className="badge hold">{t('on_hold')}</span>
  return (
    <span className="badges">
      {alert && <span className="badge alert" title={t('hints')}>!</span>}
      {item.state === 'bridged' && item.medium === 'text' && <Waiting item={item} />}
    </span>
  )
}

/** Words of the caller that nobody has read, and how long they have waited for an answer. */
function Waiting({ item }: { item: Conversation }) {
  const lines = useStore((state) => state.said.get(item.id))
  const read = useStore((state) => state.read.get(item.id) ?? -1)
  const now = useNow()
  const { unread, since } = awaiting(lines, read)
  if (since === null) return null
  const waits = now - Math.max(item.since, item.began + since)
  return (
    <>
      {waits >= SOON && <span className={`badge ${waits >= LATE ? 'alert' : 'hold'}`} title={t('awaits')}>{t('awaits')} {duration(waits)}</span>}
      {unread > 0 && <span className="badge new" role="img" aria-label={t('unread', { n: unread })}>{unread > 99 ? '99+' : unread}</span>}
    </>
  )
}

function Since({ item }: { item: Conversation }) {
  const now = useNow()
  return <span className="time">{duration(now - item.since)}</span>
}
