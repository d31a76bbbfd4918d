import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react'

import { Icon } from './Icon'
import { type Pending, discard, seen as looked, useStore } from './store'
import type { Conversation, Said } from './views'
import { rewrite } from './Composer'
import { clock, duration, t, useLanguage } from './words'

const SHOWN = 120 // lines drawn; the rest a button away, so that an hour's chat is as quick as its first minute

const NONE: readonly Said[] = []

interface Props {
  conversation: Conversation
  shown: boolean
  over: boolean
}
export function Transcript({ conversation, shown: seen, over }: Props) {
  const { id } = conversation
  const lines = useStore((state) => state.said.get(id) ?? NONE)
  const pending = useStore((state) => state.pending)
  const me = useStore((state) => state.me)
  const [most, setMost] = useState(SHOWN)
  const [down, setDown] = useState(true)
  const box = useRef<HTMLDivElement>(null)
  const shown = lines.slice(-most)
  const mine = pending.filter((item) => !item.aside && item.conversation === id)
  const last = lines.at(-1)
  const pane = useStore((state) => state.pane)

  // Follows the newest line while its end is in view, and lets go when somebody reads further up.
  useLayoutEffect(() => {
    if (down && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [lines, mine.length, down])
  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      if (element.dataset.down === 'yes') element.scrollTop = element.scrollHeight
    })
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  }, [])
  // Read is what stands in a page that is in front, with the newest line in view.
  useEffect(() => {
    const look = () => {
      if (last && down && !document.hidden && box.current?.offsetParent) looked(id, last.n)
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [id, last, down, pane])

  return (
    <div className="transcript">
      <div
        className="lines"
        ref={box}
        role="log"
        aria-label={t('transcript')}
        aria-live="off"
        tabIndex={0}
        data-down={down ? 'yes' : 'no'}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
          setDown(scrollHeight - scrollTop - clientHeight < 40)
        }}
      >
        <div className="flow">
          {lines.length > shown.length && (
            <button className="small earlier" onClick={() => setMost(most + 200)}>{t('show_earlier', { n: lines.length - shown.length })}</button>
          )}
          {!lines.length && !seen && <p className="empty">{t('listen_first')}</p>}
          {shown.map((said) => <Line key={said.n} said={said} me={me?.id ?? ''} began={conversation.began} clocked={conversation.medium === 'text'} over={over} />)}
          {mine.map((item) => <Unsent key={item.id} item={item} />)}
        </div>
      </div>
      {!down && <button className="small newest" onClick={() => setDown(true)}>{t('to_newest')}</button>}
      <p className="hidden" aria-live="polite">{last?.by === 'caller' && last.final ? `${t('caller')}: ${last.text}` : ''}</p>
    </div>
  )
}

interface LineProps {
  said: Said
  me: string
  began: number
  clocked: boolean
  over: boolean
}
/** A chat goes by the clock on the wall, a call by its own: that is how its recording is found. */
export const Line = memo(function Line({ said, me, began, clocked, over }: LineProps) {
  useLanguage()
  const name = useStore((state) => state.agents.get(said.agent)?.name) ?? said.agent
  const who = said.by === 'agent' ? (said.agent === me ? t('me') : name || t('agent')) : t(said.by)
  const part = said.by === 'bot' && said.heard < 0.995
  const heard = part ? Math.round(Array.from(said.text).length * said.heard) : 0
  const letters = part ? Array.from(said.text) : []
  return (
    <div className={`line ${said.by}${said.by === 'agent' && said.agent === me ? ' me' : ''}${said.final ? '' : ' partial'}`}>
      <p className="by"><b>{who}</b> <span className="time" title={clock(began + said.at, 'full')}>{clocked ? clock(began + said.at, 'short') : duration(said.at)}</span></p>
      <p className="words">
        {part ? (
          <>
            {letters.slice(0, heard).join('')}
            <s>{letters.slice(heard).join('')}</s>
            <small>{t('heard_part', { n: Math.round(said.heard * 100) })}</small>
          </>
        ) : (
          said.text
        )}
        {!said.final && <small>{t(over ? 'broken_off' : 'speaking')}</small>}
      </p>
    </div>
  )
})

function Unsent({ item }: { item: Pending }) {
  return (
    <div className={`line agent me unsent${item.failed ? ' failed' : ''}`}>
      <p className="by"><b>{t('me')}</b></p>
      <p className="words">
        {item.text}
        <small>{item.failed ? `${t('not_sent')}: ${item.failed}` : t('sending')}</small>
      </p>
      {item.failed && (
        <p className="row">
          <button className="small" onClick={() => { rewrite(item.conversation, item.text); discard(item.id) }}><Icon name="back" />{t('edit_again')}</button>
          <button className="small" onClick={() => discard(item.id)}>{t('discard')}</button>
        </p>
      )}
    </div>
  )
}
