import { useEffect } from 'react'

import { useSilenced } from './audible'
import { useCalls } from './calls'
import { Dialogs } from './Dialogs'
import { openDialog, useNow, useSetting, useShortcut } from './hooks'
import { Icon } from './Icon'
import { List } from './List'
import { More } from './More'
import { ring, title } from './notify'
import { OfferBar } from './Ringing'
import { Locked, SignIn } from './SignIn'
import { CallBar } from './SoundBar'
import { awaiting, dismiss, get, mine, own, type Place, select, set, useStore } from './store'
import { Talk } from './Talk'
import { Tickets } from './Tickets'
import { placesOf, Top } from './Top'
import { Wall } from './Wall'
import { accept, act, connect } from './wire'
import { speakAs, t, useLanguage } from './words'

export function App() {
  useLanguage()
  const phase = useStore((state) => state.phase)
  const locked = useStore((state) => state.locked)
  const me = useStore((state) => state.me)
  useEffect(() => {
    if (me) speakAs(me.language)
  }, [me])
  if (phase === 'loading') return <p className="loading" role="status">{t('link_connecting')}</p>
  if (phase === 'out') return <SignIn />
  return (
    <>
      {locked ? <Locked /> : <Inside />}
      <Notices />
    </>
  )
}

function Inside() {
  const place = useStore((state) => state.place)
  const role = useStore((state) => state.me?.role)
  useShortcuts()
  useRing()
  useCalls()
  return (
    <div className="app">
      <a className="skip" href="#main">{t('skip')}</a>
      <Top />
      <Link />
      <Expiry />
      <SoundOff />
      <CallBar />
      <OfferBar />
      {role === 'designer' ? (
        <main id="main" className="empty"><p>{t('no_desk')}</p></main>
      ) : place === 'wall' ? (
        <Wall />
      ) : place === 'tickets' ? (
        <Tickets />
      ) : (
        <Desk />
      )}
      <Dialogs />
    </div>
  )
}

function Desk() {
  const pane = useStore((state) => state.pane)
  const selected = useStore((state) => state.selected)
  return (
    <main id="main" className="desk" data-pane={pane} tabIndex={-1}>
      <List />
      <div className="talk">
        <Talk id={selected} key={selected} />
      </div>
      <More id={selected} key={`more ${selected}`} />
      <nav className="panes" aria-label={t('menu')}>
        {(['list', 'talk', 'more'] as const).map((name) => (
          <button key={name} aria-pressed={pane === name} onClick={() => set({ pane: name })}>
            <Icon name={name} />
            {t(name)}
            {name === 'list' && pane !== 'list' && <Unread but={selected} />}
          </button>
        ))}
      </nav>
    </main>
  )
}

/** Words that wait in other conversations. */
function Unread({ but }: { but: string }) {
  const conversations = useStore((state) => state.conversations)
  const closing = useStore((state) => state.closing)
  const me = useStore((state) => state.me)
  const said = useStore((state) => state.said)
  const read = useStore((state) => state.read)
  const others = own(conversations, me, closing).filter((item) => item.id !== but)
  const unread = others.reduce((sum, item) => sum + awaiting(said.get(item.id), read.get(item.id) ?? -1).unread, 0)
  return unread ? <span className="badge new" role="img" aria-label={t('unread', { n: unread })}>{unread}</span> : null
}

function Link() {
  const link = useStore((state) => state.link)
  const pending = useStore((state) => state.pending.length)
  if (link === 'open' || link === 'connecting') return null
  return (
    <div className="link" role="alert">
      <span className="pulse" aria-hidden="true" />
      {t(link === 'elsewhere' ? 'link_elsewhere' : 'link_lost')}
      {pending > 0 && <b>{t('unsent', { n: pending })}</b>}
      {link === 'elsewhere' && <button className="small" onClick={connect}>{t('use_here')}</button>}
    </div>
  )
}

const NOTICE = 900 // s before the end of a session that it is told

/** A session has an end; callers are not to lose their person by surprise. */
function Expiry() {
  const left = useStore((state) => state.expires) - useNow()
  if (left > NOTICE) return null
  return (
    <div className="link" role="status">
      <Icon name="warn" />
      {t('expires', { n: Math.max(1, Math.ceil(left / 60)) })}
    </div>
  )
}

/** After the page was loaded anew; whatever is pressed then lets it sound. */
function SoundOff() {
  if (!useSilenced()) return null
  return (
    <div className="link" role="alert">
      <Icon name="mute" />
      {t('sound_off')}
      <button className="small">{t('sound_on')}</button>
    </div>
  )
}

function Notices() {
  const notices = useStore((state) => state.notices)
  return (
    <div className="notices" role="status" aria-live="polite">
      {notices.map((item) => (
        <div key={item.id} className={`notice ${item.level}`}>
          <span>{item.text}</span>
          <button className="icon" aria-label={t('close')} onClick={() => dismiss(item.id)}><Icon name="close" /></button>
        </div>
      ))}
    </div>
  )
}

function useRing() {
  const offers = useStore((state) => state.offers)
  const sounds = useSetting('ring')
  useEffect(() => {
    ring([...offers.values()])
  }, [offers, sounds])
  useEffect(() => () => ring([]), [])
  const waiting = useStore(title)
  useEffect(() => {
    document.title = waiting
    return () => void (document.title = t('title'))
  }, [waiting])
  useExpiry()
}

/** An offer that has rung out is not shown any more, though the word of it be late. */
function useExpiry() {
  const now = useNow()
  const offers = useStore((state) => state.offers)
  useEffect(() => {
    const alive = [...offers].filter(([, offer]) => offer.expires > now - 3)
    if (alive.length < offers.size) set({ offers: new Map(alive) })
  }, [offers, now])
}

function useShortcuts() {
  useShortcut('?', () => openDialog({ kind: 'help' }))
  useShortcut('KeyA', () => {
    const [offer] = get().offers.values()
    if (offer) void accept(offer.id, offer.conversation)
    else {
      const me = get().me?.id
      const waiting = mine().find((item) => (item.agent === me && item.state === 'accepted') || (item.asked === me && item.asking === 'accepted'))
      if (waiting) void act('Acknowledge', { conversation: waiting.id })
    }
  })
  useShortcut('KeyJ', () => {
    const [offer] = get().offers.values()
    if (offer) void act('Decline', { offer: offer.id })
  })
  const step = (by: number) => () => {
    const all = mine()
    if (!all.length) return
    const at = all.findIndex((item) => item.id === get().selected)
    select((all[(at + by + all.length) % all.length] as { id: string }).id)
  }
  useShortcut('ArrowDown', step(1))
  useShortcut('ArrowUp', step(-1))
  useShortcut('KeyG', () => {
    const places = placesOf(get().me?.role)
    set({ place: places[(places.indexOf(get().place) + 1) % places.length] as Place })
  })
  useShortcut('KeyP', () => {
    const { me, agents, breaks } = get()
    const now = agents.get(me?.id ?? '')?.presence
    void act('SetPresence', now === 'available' ? { presence: 'break', reason: breaks[0] ?? '' } : { presence: 'available' })
  })
}
