import { memo, useEffect, useMemo, useState } from 'react'

import { useNow } from './hooks'
import { More } from './More'
import { Icon } from './Icon'
import { select, useStore } from './store'
import { Talk } from './Talk'
import { type Agent, type Conversation, type Opinion, type Queue, waited } from './views'
import { duration, named, t, useLanguage } from './words'

export function Wall() {
  const selected = useStore((state) => state.selected)
  const there = useStore((state) => state.conversations.has(state.selected))
  useEffect(() => {
    if (!there) return
    const escape = (event: KeyboardEvent) => {
      const writing = /^(INPUT|TEXTAREA|SELECT)$/.test((event.target as HTMLElement).tagName)
      if (event.key === 'Escape' && !writing && !document.querySelector('dialog[open]')) select('')
    }
    addEventListener('keydown', escape)
    return () => removeEventListener('keydown', escape)
  }, [there])
  return (
    <main id="main" className={`wall${there ? ' split' : ''}`} tabIndex={-1}>
      <div className="board">
        <Figures />
        <Queues />
        <Live />
        <Agents />
      </div>
      {there && (
        <section className="side talk" aria-label={t('transcript')}>
          <button className="icon shut" aria-keyshortcuts="Escape" aria-label={t('close')} onClick={() => select('')}><Icon name="close" /></button>
          <Talk id={selected} key={selected} />
          <details className="fold-more"><summary>{t('more')}</summary><More id={selected} key={`more ${selected}`} /></details>
        </section>
      )}
    </main>
  )
}

function Figures() {
  const queues = useStore((state) => state.queues)
  const agents = useStore((state) => state.agents)
  const conversations = useStore((state) => state.conversations)
  const figures = useMemo(() => {
    const all = [...queues.values()]
    const answered = all.reduce((sum, queue) => sum + queue.answered, 0)
    const level = answered ? all.reduce((sum, queue) => sum + queue.level * queue.answered, 0) / answered : 1
    const people = [...agents.values()]
    const live = [...conversations.values()]
    return {
      waiting: all.reduce((sum, queue) => sum + queue.waiting, 0),
      level,
      lost: all.reduce((sum, queue) => sum + queue.lost, 0),
      answered,
      free: people.filter((agent) => agent.presence === 'available' && !agent.conversations.length).length,
      people: people.filter((agent) => agent.presence !== 'offline').length,
      bot: live.filter((item) => item.state === 'bot' || item.state === 'returned').length,
      person: live.filter((item) => item.state === 'bridged' || item.state === 'accepted').length,
    }
  }, [queues, agents, conversations])
  useNow()
  const longest = Math.max(0, ...[...queues.values()].map(waited))
  return (
    <dl className="figures">
      <Figure word="waiting" value={String(figures.waiting)} mood={figures.waiting > 5 ? 'alert' : figures.waiting ? 'warn' : ''} />
      <Figure word="longest" value={duration(longest)} mood={longest > 120 ? 'alert' : longest > 60 ? 'warn' : ''} />
      <Figure word="level" value={`${Math.round(figures.level * 100)}%`} mood={figures.level < 0.7 ? 'alert' : figures.level < 0.8 ? 'warn' : 'good'} />
      <Figure word="free_agents" value={`${figures.free}/${figures.people}`} mood={figures.people && !figures.free ? 'warn' : ''} />
      <Figure word="with_agents" value={String(figures.person)} />
      <Figure word="with_bot" value={String(figures.bot)} />
      <Figure word="answered" value={String(figures.answered)} small={t('since_midnight')} />
      <Figure word="lost" value={String(figures.lost)} small={t('since_midnight')} mood={figures.lost > figures.answered * 0.05 ? 'warn' : ''} />
    </dl>
  )
}

interface FigureProps {
  word: 'waiting' | 'longest' | 'level' | 'free_agents' | 'with_agents' | 'with_bot' | 'answered' | 'lost'
  value: string
  mood?: string
  small?: string
}
function Figure({ word, value, mood = '', small }: FigureProps) {
  return (
    <div className={`figure ${mood}`}>
      <dt>{t(word)} {small && <small>{small}</small>}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Queues() {
  const queues = useStore((state) => state.queues)
  return (
    <section aria-label={t('queues')}>
      <h2>{t('queues')}</h2>
      <div className="scroll" tabIndex={0} role="group" aria-label={t('queues')}>
        <table>
          <thead>
            <tr>{(['queue', 'waiting', 'longest', 'expected', 'level', 'free_agents', 'answered', 'lost', 'opinion'] as const).map((word) => <th key={word} scope="col">{t(word)}</th>)}</tr>
          </thead>
          <tbody>{[...queues.values()].map((queue) => <QueueRow key={queue.name} queue={queue} />)}</tbody>
        </table>
      </div>
    </section>
  )
}

const QueueRow = memo(function QueueRow({ queue }: { queue: Queue }) {
  const past = useStore((state) => state.history.get(queue.name))
  useLanguage()
  useNow()
  const longest = waited(queue)
  return (
    <tr className={queue.open ? '' : 'shut'}>
      <th scope="row">{queue.title || queue.name} {!queue.open && <span className="tag">{t('shut')}</span>}</th>
      <td><b className={queue.waiting > 3 ? 'bad' : ''}>{queue.waiting}</b> <Spark past={past} /></td>
      <td className={longest > 60 ? 'bad' : ''}>{duration(longest)}</td>
      <td>{queue.expected === null ? '–' : duration(queue.expected)}</td>
      <td><span className={`bar ${queue.level < 0.7 ? 'bad' : queue.level < 0.8 ? 'fair' : 'good'}`}><i style={{ width: `${queue.level * 100}%` }} /></span> {Math.round(queue.level * 100)}%</td>
      <td className={queue.waiting && !queue.agents ? 'bad' : ''}>{queue.agents}</td>
      <td>{queue.answered}</td>
      <td>{queue.lost}</td>
      <td><Satisfied opinion={queue.opinion} /></td>
    </tr>
  )
})

/** CSAT as a share, NPS as a number; how many were asked stands behind. */
function Satisfied({ opinion }: { opinion: Opinion | undefined }) {
  if (!opinion?.asked) return '–'
  const { asked, answers = 0, csat, nps } = opinion
  const figures = [
    ...(typeof csat === 'number' ? [`${Math.round(csat * 100)}%`] : []),
    ...(typeof nps === 'number' ? [`NPS ${Math.round(nps)}`] : []),
  ]
  return <span title={t('opinion_of', { asked, answers })}>{figures.join(' · ') || '–'} <small className="quiet">{answers}/{asked}</small></span>
}

function Spark({ past }: { past: readonly number[] | undefined }) {
  if (!past || past.length < 2 || !past.some((value) => value > 0)) return null
  const most = Math.max(1, ...past)
  const points = past.map((value, n) => `${((n / (past.length - 1)) * 48).toFixed(1)},${(14 - (value / most) * 12).toFixed(1)}`).join(' ')
  return <svg className="spark" viewBox="0 0 48 16" aria-hidden="true"><polyline points={points} /></svg>
}

const PRESENCES = ['available', 'busy', 'wrap_up', 'break', 'offline'] as const
type Shown = (typeof PRESENCES)[number]

function presenceOf(agent: Agent): Shown {
  const load = Object.values(agent.load).reduce((sum, n) => sum + n, 0)
  return agent.presence === 'available' && load > 0 ? 'busy' : agent.presence
}

/** By how they stand, who has stood so longest first; those who are away only when asked for. */
function Agents() {
  const agents = useStore((state) => state.agents)
  const [only, setOnly] = useState<Shown | ''>('')
  const all = [...agents.values()].map((agent) => [presenceOf(agent), agent] as const)
  const shown = all
    .filter(([presence]) => (only ? presence === only : presence !== 'offline'))
    .sort(([a, one], [b, other]) => PRESENCES.indexOf(a) - PRESENCES.indexOf(b) || one.since - other.since)
  return (
    <section className="staff" aria-label={t('agents')}>
      <h2>{t('agents')} <span className="count">{all.filter(([presence]) => presence !== 'offline').length}</span></h2>
      <div className="chips" role="group" aria-label={t('find')}>
        {PRESENCES.map((name) => {
          const n = all.filter(([presence]) => presence === name).length
          return n > 0 && <button key={name} className="small" aria-pressed={only === name} onClick={() => setOnly(only === name ? '' : name)}>{t(name)} {n}</button>
        })}
      </div>
      <ul className="people">{shown.map(([presence, agent]) => <Person key={agent.id} agent={agent} presence={presence} />)}</ul>
    </section>
  )
}

const Person = memo(function Person({ agent, presence }: { agent: Agent; presence: Shown }) {
  useLanguage()
  const now = useNow()
  const load = (['voice', 'text'] as const).filter((medium) => agent.load[medium])
  return (
    <li className={presence}>
      <b className="cut" title={agent.name}>{agent.name}</b>
      <span className="presence-word">{(presence === 'break' && named('away', agent.away)) || t(presence)}</span>
      <span className="time">{duration(now - agent.since)}</span>
      {agent.opinion?.asked && <span className="quiet"><Satisfied opinion={agent.opinion} /></span>}
      {load.length > 0 && (
        <span className="work">
          <span className="quiet">{load.map((medium) => `${t(medium)} ${agent.load[medium]}/${agent.capacity[medium] ?? 0}`).join(' · ')}</span>
          {agent.conversations.map((id) => <Go key={id} id={id} />)}
        </span>
      )}
    </li>
  )
})

function Go({ id }: { id: string }) {
  const caller = useStore((state) => state.conversations.get(id)?.caller)
  return caller ? <button className="small" onClick={() => select(id)}>{caller}</button> : null
}

function Live() {
  const conversations = useStore((state) => state.conversations)
  const selected = useStore((state) => state.selected)
  const [wanted, setWanted] = useState('')
  const words = wanted.trim().toLowerCase()
  const shown = useMemo(() => {
    const rank = { offered: 0, queued: 0, accepted: 1, bridged: 1, bot: 2, returned: 2, failed: 3, closed: 3 }
    return [...conversations.values()]
      .filter((item) => !words || `${item.caller} ${item.queue} ${item.bot} ${item.agent} ${named('state', item.state)}`.toLowerCase().includes(words))
      .sort((a, b) => rank[a.state] - rank[b.state] || a.since - b.since)
  }, [conversations, words])
  return (
    <section aria-label={t('live')}>
      <h2>
        {t('live')} <span className="count">{shown.length}</span>
        <input className="small" type="search" placeholder={t('find')} aria-label={t('find')} value={wanted} onChange={(event) => setWanted(event.target.value)} />
      </h2>
      {!shown.length && <p className="quiet">{t('none_live')}</p>}
      {shown.length > 0 && (
        <div className="scroll" tabIndex={0} role="group" aria-label={t('live')}>
          <table className="live">
            <thead>
              <tr>{(['caller', 'state', 'queue', 'agent', 'bot', 'duration', 'mood'] as const).map((word) => <th key={word} scope="col">{t(word)}</th>)}</tr>
            </thead>
            <tbody>{shown.slice(0, 200).map((item) => <LiveRow key={item.id} item={item} current={item.id === selected} />)}</tbody>
          </table>
        </div>
      )}
    </section>
  )
}

const LiveRow = memo(function LiveRow({ item, current }: { item: Conversation; current: boolean }) {
  useLanguage()
  const now = useNow()
  const anger = item.mood.at(-1)?.[1] ?? 0
  const agent = useStore((state) => state.agents.get(item.agent)?.name) ?? item.agent
  return (
    <tr className={current ? 'current' : ''}>
      <th scope="row">
        <button className="link-like" aria-expanded={current} onClick={() => select(current ? '' : item.id)}>
          <Icon name={item.medium === 'voice' ? 'phone' : 'chat'} />{item.caller || t('caller')}
        </button>
      </th>
      <td><span className={`state ${item.state}`}>{item.on_hold ? t('on_hold') : named('state', item.state)}</span></td>
      <td>{item.queue}</td>
      <td>{agent || '–'}</td>
      <td>{item.bot}</td>
      <td>{duration(now - item.began)}</td>
      <td><span className={`bar ${anger > 0.6 ? 'bad' : anger > 0.3 ? 'fair' : 'good'}`} role="img" aria-label={`${Math.round(anger * 100)}%`}><i style={{ width: `${Math.max(4, anger * 100)}%` }} /></span></td>
    </tr>
  )
})
