import { memo, useState } from 'react'

import { useNow } from './hooks'
import { Icon } from './Icon'
import { isOver, own, select, useStore } from './store'
import type { Conversation, Offer } from './views'
import { accept, act } from './wire'
import { duration, named, t } from './words'

export function List() {
  const offers = useStore((state) => state.offers)
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
      {offers.size > 0 && (
        <section aria-label={t('offers')} aria-live="assertive">
          <h2>{t('offers')}</h2>
          {[...offers.values()].map((offer) => <Ringing key={offer.id} offer={offer} />)}
        </section>
      )}
      <section>
        <h2>{t('conversations')} <span className="count">{shown.length}</span></h2>
        {shown.length === 0 && (
          <p className="nothing">
            <b>{t('no_conversations')}</b>
            {t('none_hint')}
          </p>
        )}
        <ul>
          {shown.map((item) => <Item key={item.id} item={item} current={item.id === selected} />)}
        </ul>
      </section>
    </section>
  )
}

function Ringing({ offer }: { offer: Offer }) {
  const now = useNow()
  const { conversation } = offer
  const left = Math.max(0, Math.ceil(offer.expires - now))
  const [whole] = useState(left)
  return (
    <article className="offer">
      <header>
        <Icon name={conversation.medium === 'voice' ? 'phone' : 'chat'} />
        <b>{conversation.caller || t('caller')}</b>
        <span className="left">{t('seconds_left', { n: left })}</span>
      </header>
      <p>
        <span className="tag">{conversation.queue}</span>
        <span className="tag">{named('reason', conversation.reason)}</span>
      </p>
      <p className="wanted">{conversation.wanted}</p>
      <progress max={whole || 1} value={left} aria-label={t('seconds_left', { n: left })} />
      <div className="row">
        <button className="primary" onClick={() => void accept(offer.id, conversation)}>
          {t(conversation.medium === 'voice' ? 'accept' : 'accept_text')}
          <kbd>Alt A</kbd>
        </button>
        <button onClick={() => void act('Decline', { offer: offer.id })}>{t('decline')}</button>
      </div>
    </article>
  )
}

const Item = memo(function Item({ item, current }: { item: Conversation; current: boolean }) {
  const last = useStore((state) => state.said.get(item.id)?.at(-1))
  const alert = useStore((state) => state.hints.get(item.id)?.some((hint) => hint.level === 'alert') ?? false)
  const waits = last?.by === 'caller' && item.state === 'bridged'
  return (
    <li>
      <button className="item" aria-current={current} onClick={() => select(item.id)}>
        <span className={`medium ${item.medium}`}><Icon name={item.medium === 'voice' ? 'phone' : 'chat'} /></span>
        <span className="name">{item.caller || t('caller')}</span>
        <Since item={item} />
        <span className="last">{last?.text ?? item.wanted}</span>
        {isOver(item) ? <span className="badge hold">{t('to_finish')}</span> : item.on_hold ? <span className="badge hold">{t('on_hold')}</span> : alert ? <span className="badge alert">!</span> : waits ? <span className="badge new" role="img" aria-label={t('waiting')} /> : null}
      </button>
    </li>
  )
})

function Since({ item }: { item: Conversation }) {
  const now = useNow()
  return <span className="time">{duration(now - item.since)}</span>
}
