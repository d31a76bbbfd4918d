import { useRef } from 'react'

import { signOut } from './api'
import { choose, openDialog, useNow, useSetting } from './hooks'
import { Icon } from './Icon'
import { allowDesktop } from './notify'
import { Key } from './Key'
import { Brand, LanguageChoice } from './SignIn'
import { callers, notice, type Place, set, useStore } from './store'
import { isDone, type Role, waited } from './views'
import { act } from './wire'
import { duration, named, t, useLanguage } from './words'

export function Top() {
  const me = useStore((state) => state.me)
  const place = useStore((state) => state.place)
  const link = useStore((state) => state.link)
  const tickets = useStore((state) => [...state.tickets.values()].filter((item) => !isDone(item)).length)
  return (
    <header className="top">
      <Brand />
      <h1 className="hidden">{t(place)}</h1>
      <nav className="tabs" aria-label={t('title')}>
        {placesOf(me?.role).map((name) => (
          <button key={name} aria-current={place === name ? 'page' : undefined} onClick={() => set({ place: name })}>
            {t(name)}
            {name === 'tickets' && tickets > 0 && <span className="count">{tickets}</span>}
          </button>
        ))}
      </nav>
      {place !== 'wall' && <Queues />}
      <span className="space" />
      <span className={`dot ${link}`} role="img" aria-label={t(`link_${link}`)} title={t(`link_${link}`)} />
      {me?.role !== 'designer' && <PresenceChoice />}
      <button className="icon wide-only" aria-label={t('help')} title={`${t('help')} (?)`} onClick={() => openDialog({ kind: 'help' })}>
        <Icon name="keyboard" />
      </button>
      <Menu />
    </header>
  )
}

/** Where a person of this role may go, in order. */
export function placesOf(role: Role | undefined): Place[] {
  if (role === 'designer') return []
  return role === 'supervisor' || role === 'admin' ? ['desk', 'wall', 'tickets'] : ['desk', 'tickets']
}

/** Signing out leaves callers to others: asked first while there are any. */
export function leave(): void {
  const live = callers()
  if (!live) return void signOut()
  openDialog({
    kind: 'sure',
    question: {
      title: t('sign_out'),
      text: t('leave_callers', { n: live }),
      button: t('sign_out'),
      run: async () => {
        await signOut()
        return { ok: true }
      },
    },
  })
}

function Queues() {
  const queues = useStore((state) => state.queues)
  useNow()
  return (
    <ul className="queues" aria-label={t('queues')}>
      {[...queues.values()].slice(0, 4).map((queue) => (
        <li key={queue.name} className={queue.waiting ? 'some' : ''}>
          {queue.title || queue.name} <b>{queue.waiting}</b>
          {queue.waiting > 0 && <span>{duration(waited(queue))}</span>}
        </li>
      ))}
    </ul>
  )
}

function PresenceChoice() {
  const id = useStore((state) => state.me?.id ?? '')
  const agent = useStore((state) => state.agents.get(id))
  const now = useNow()
  const breaks = useStore((state) => state.breaks)
  const presence = agent?.presence ?? 'offline'
  const reason = agent?.away ?? ''
  const usual = reason === (breaks[0] ?? '')
  const another = presence === 'break' && !usual && !breaks.includes(reason)
  const chosen = presence !== 'break' || usual ? presence : another ? 'now' : `break ${reason}`
  const choice = (value: string) => {
    const [name = '', ...why] = value.split(' ')
    void act('SetPresence', name === 'break' ? { presence: name, reason: why.join(' ') || (breaks[0] ?? '') } : { presence: name })
  }
  return (
    <div className={`presence ${presence}`}>
      {presence === 'wrap_up' && <button className="small" onClick={() => void act('WrapUpDone')}>{t('wrap_up_done')}</button>}
      <label>
        <span className="hidden">{t('presence')}</span>
        <select
          value={chosen}
          aria-keyshortcuts="Alt+P"
          onChange={(event) => choice(event.target.value)}
        >
          <option value="available">{t('available')}</option>
          <option value="wrap_up" disabled>{t('wrap_up')}</option>
          {another && <option value="now" disabled>{named('away', reason) || t('break')}</option>}
          {(breaks.length ? breaks : [t('break')]).map((why, n) => (
            <option key={why} value={n === 0 ? 'break' : `break ${why}`}>{why}</option>
          ))}
          <option value="offline">{t('offline')}</option>
        </select>
      </label>
      {agent && <span className="time wide-only">{duration(now - agent.since)}</span>}
      <Key letter="P" />
    </div>
  )
}

function Menu() {
  const language = useLanguage()
  const me = useStore((state) => state.me)
  const theme = useSetting('theme')
  const sounds = useSetting('ring')
  const desktop = useSetting('desktop')
  const box = useRef<HTMLDetailsElement>(null)
  const shut = () => box.current?.removeAttribute('open')
  return (
    // the keys and the focus of what is in it come up to it; its summary is what is pressed
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <details
      className="menu"
      ref={box}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) shut()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        shut()
        box.current?.querySelector('summary')?.focus()
      }}
    >
      <summary aria-label={`${t('menu')} · ${me?.name ?? ''}`}>
        <span className="avatar" aria-hidden="true">{initials(me?.name ?? '?')}</span>
      </summary>
      <div className="sheet" tabIndex={-1}>
        <p className="who"><b>{me?.name}</b> <span className="quiet">{me?.id}</span></p>
        <LanguageChoice language={language} />
        <div className="segments" role="group" aria-label={t('theme')}>
          {(['auto', 'light', 'dark'] as const).map((name) => (
            <button key={name} aria-pressed={theme === name} onClick={() => choose('theme', name)}>{t(`theme_${name}`)}</button>
          ))}
        </div>
        <label className="check">
          <input type="checkbox" checked={sounds === 'on'} onChange={(event) => choose('ring', event.target.checked ? 'on' : 'off')} />
          {t('ring')}
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={desktop === 'on'}
            onChange={async (event) => {
              const on = event.target.checked && (await allowDesktop())
              if (event.target.checked && !on) notice('warn', t('desktop_denied'))
              choose('desktop', on ? 'on' : 'off')
            }}
          />
          {t('desktop')}
        </label>
        <button onClick={() => { shut(); openDialog({ kind: 'help' }) }}>{t('help')}</button>
        {!me?.outside && <button onClick={() => { shut(); openDialog({ kind: 'password' }) }}>{t('change_password')}</button>}
        {me?.role === 'admin' && <button onClick={() => { shut(); openDialog({ kind: 'audit' }) }}>{t('audit')}</button>}
        <button onClick={() => { shut(); leave() }}>{t('sign_out')}</button>
      </div>
    </details>
  )
}

/** 王小明 → 小明, Anna Bell → AB. */
function initials(name: string): string {
  if (!/^[\x20-\x7e]+$/.test(name)) return Array.from(name).slice(-2).join('')
  return name.split(/[ .@_-]+/).filter(Boolean).slice(0, 2).map((part) => (part[0] as string).toUpperCase()).join('')
}
