import { useState } from 'react'

import { useNow } from './hooks'
import { Icon } from './Icon'
import { useStore } from './store'
import type { Offer } from './views'
import { accept, act } from './wire'
import { named, t } from './words'
import { Key } from './Key'

/** What rings, at the foot of the list: it comes without moving what is above it. */
export function Offers() {
  const offers = useStore((state) => state.offers)
  return (
    <section className="offers" aria-label={t('offers')} aria-live="assertive">
      {[...offers.values()].map((offer) => <Ringing key={offer.id} offer={offer} />)}
    </section>
  )
}

/** The same in a line, where the list is not in view. */
export function OfferBar() {
  const offers = useStore((state) => state.offers)
  const place = useStore((state) => state.place)
  const pane = useStore((state) => state.pane)
  const [offer] = offers.values()
  if (!offer) return null
  return (
    <section className="offer-bar" data-place={place} data-pane={pane} aria-label={t('offers')} aria-live="assertive">
      <Icon name={offer.conversation.medium === 'voice' ? 'phone' : 'chat'} />
      <b className="cut">{offer.conversation.caller || t('caller')}</b>
      <span className="tag wide-only">{offer.conversation.queue}</span>
      <Left offer={offer} />
      <Choice offer={offer} />
    </section>
  )
}

function Ringing({ offer }: { offer: Offer }) {
  const { conversation } = offer
  return (
    <article className="offer">
      <header>
        <Icon name={conversation.medium === 'voice' ? 'phone' : 'chat'} />
        <b className="cut" title={conversation.caller}>{conversation.caller || t('caller')}</b>
        <Left offer={offer} />
      </header>
      <p>
        <span className="tag">{t(conversation.medium)}</span>
        <span className="tag">{conversation.queue}</span>
        <span className="tag">{named('reason', conversation.reason)}</span>
      </p>
      <p className="wanted">{conversation.wanted}</p>
      <Rest offer={offer} />
      <div className="row"><Choice offer={offer} /></div>
    </article>
  )
}

function Choice({ offer }: { offer: Offer }) {
  return (
    <>
      <button className="primary" aria-keyshortcuts="Alt+A" onClick={() => void accept(offer.id, offer.conversation)}>
        {t(offer.conversation.medium === 'voice' ? 'accept' : 'accept_text')}
        <Key letter="A" />
      </button>
      <button aria-keyshortcuts="Alt+J" title={`${t('decline')} (Alt+J)`} onClick={() => void act('Decline', { offer: offer.id })}>{t('decline')}</button>
    </>
  )
}

function useLeft(offer: Offer): number {
  return Math.max(0, Math.ceil(offer.expires - useNow()))
}
function Left({ offer }: { offer: Offer }) {
  return <span className="left">{t('seconds_left', { n: useLeft(offer) })}</span>
}
function Rest({ offer }: { offer: Offer }) {
  const left = useLeft(offer)
  const [whole] = useState(left)
  return <progress max={whole || 1} value={left} aria-label={t('seconds_left', { n: left })} />
}
