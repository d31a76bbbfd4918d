// Everything the page knows, in one place. Slices are replaced, never changed, so that a component that looks at one
// slice is drawn again only when that slice is another.

import { useSyncExternalStore } from 'react'

import { drop } from './drafts'

import type {
  Agent, Aside, Conversation, Hint, Me, Mode, Offer, Origin, Phrase, Queue, Said, Ticket, View,
} from './views'

export type Place = 'desk' | 'wall' | 'tickets'
export type Link = 'connecting' | 'open' | 'lost' | 'elsewhere'
export interface Pending {
  id: string
  conversation: string
  text: string
  failed: string
  /** Beside the conversation, not to the caller. */
  aside: boolean
}
export interface Notice {
  id: number
  level: 'info' | 'warn' | 'alert'
  text: string
}
export interface State {
  phase: 'loading' | 'out' | 'in'
  locked: boolean
  link: Link
  me: Me | null
  phrases: Phrase[]
  /** What one may say a break is for; the first is the usual one. */
  breaks: string[]
  skew: number
  /** Unix seconds at which one has to sign in again. */
  expires: number
  conversations: ReadonlyMap<string, Conversation>
  said: ReadonlyMap<string, readonly Said[]>
  asides: ReadonlyMap<string, readonly Aside[]>
  hints: ReadonlyMap<string, readonly Hint[]>
  offers: ReadonlyMap<string, Offer>
  queues: ReadonlyMap<string, Queue>
  agents: ReadonlyMap<string, Agent>
  tickets: ReadonlyMap<string, Ticket>
  /** Ticket → the conversation it came from, where somebody has asked. */
  origins: ReadonlyMap<string, Origin>
  pending: readonly Pending[]
  notices: readonly Notice[]
  selected: string
  place: Place
  pane: 'list' | 'talk' | 'more'
  supervising: ReadonlyMap<string, Mode>
  closing: ReadonlySet<string>
  history: ReadonlyMap<string, readonly number[]>
  /** Conversation → number of its last line that has been in view. */
  read: ReadonlyMap<string, number>
}

const EMPTY = {
  conversations: new Map(), said: new Map(), asides: new Map(), hints: new Map(), offers: new Map(), queues: new Map(),
  agents: new Map(), tickets: new Map(), origins: new Map(), supervising: new Map(), closing: new Set<string>(),
}

let state: State = {
  phase: 'loading', locked: false, link: 'connecting', me: null, phrases: [], breaks: [], skew: 0, expires: Infinity, ...EMPTY,
  pending: [], notices: [], selected: '', place: 'desk', pane: 'list', history: new Map(), read: new Map(),
}
const listeners = new Set<() => void>()
let scheduled = false

export function get(): State {
  return state
}

export function set(patch: Partial<State>): void {
  state = { ...state, ...patch }
  if (scheduled) return
  scheduled = true
  // many messages of one moment are one drawing
  queueMicrotask(() => {
    scheduled = false
    for (const listener of listeners) listener()
  })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useStore<T>(pick: (state: State) => T): T {
  return useSyncExternalStore(subscribe, () => pick(state))
}

/** Everything told so far is void: the desk is told anew. What the person has written stays. */
export function forget(): void {
  set({ ...EMPTY })
}

let notices = 0
export function notice(level: Notice['level'], text: string): void {
  if (!text) return
  const id = ++notices
  const others = state.notices.filter((item) => item.text !== text)
  set({ notices: [...others.slice(-2), { id, level, text }] })
  setTimeout(() => dismiss(id), level === 'info' ? 4000 : 9000)
}
export function dismiss(id: number): void {
  set({ notices: state.notices.filter((item) => item.id !== id) })
}

/** Words that could not be sent are not wanted any more, or have arrived. */
export function discard(id: string): void {
  set({ pending: state.pending.filter((item) => item.id !== id) })
}

function put<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value)
}
function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  if (!map.has(key)) return map
  const next = new Map(map)
  next.delete(key)
  return next
}

/** Lines in order of n; the newest of an n stands. Mostly the last changes or one is added. */
function spoken(lines: readonly Said[], said: Said): readonly Said[] {
  let at = lines.length
  while (at > 0 && (lines[at - 1] as Said).n >= said.n) at--
  const same = lines[at]?.n === said.n
  return [...lines.slice(0, at), said, ...lines.slice(same ? at + 1 : at)]
}

export function tell(view: View): void {
  switch (view.view) {
    case 'Said':
      if (view.command) discard(view.command) // it stands in the transcript before its answer is here
      return set({ said: put(state.said, view.conversation, spoken(state.said.get(view.conversation) ?? [], view)) })
    case 'Aside':
      return aside(view)
    case 'Hint': {
      const before = state.hints.get(view.conversation) ?? []
      if (before.some((item) => item.kind === view.kind && item.at === view.at)) return
      return set({ hints: put(state.hints, view.conversation, [...before, view].slice(-20)) })
    }
    case 'Conversation': {
      const had = state.conversations.get(view.id)?.agent === state.me?.id && state.me !== null
      if (isOver(view) && had) set({ closing: new Set(state.closing).add(view.id) })
      set({ conversations: put(state.conversations, view.id, view) })
      const mine = view.agent === state.me?.id && (view.state === 'accepted' || view.state === 'bridged')
      if (mine && !state.conversations.has(state.selected)) select(view.id)
      return
    }
    case 'Offer':
      return set({ offers: put(state.offers, view.id, view) })
    case 'Withdrawn':
      return set({ offers: without(state.offers, view.id) })
    case 'Queue': {
      const past = [...(state.history.get(view.name) ?? []), view.waiting].slice(-60)
      return set({ queues: put(state.queues, view.name, view), history: put(state.history, view.name, past) })
    }
    case 'Agent':
      return set({ agents: put(state.agents, view.id, view) })
    case 'Ticket':
      return set({ tickets: put(state.tickets, view.id, view) })
    case 'Origin':
      return set({ origins: put(state.origins, view.id, view) })
    case 'Gone':
      return gone(view.kind, view.id)
  }
}

function aside(view: Aside): void {
  if (view.command) discard(view.command)
  const before = state.asides.get(view.conversation) ?? []
  const next = [...before.filter((item) => item.n !== view.n), view].sort((a, b) => a.n - b.n)
  set({ asides: put(state.asides, view.conversation, next) })
}

function gone(kind: 'conversation' | 'agent' | 'queue' | 'ticket', id: string): void {
  switch (kind) {
    case 'conversation':
      drop(id)
      set({
        read: without(state.read, id),
        conversations: without(state.conversations, id),
        said: without(state.said, id),
        asides: without(state.asides, id),
        hints: without(state.hints, id),
        supervising: without(state.supervising, id),
        pending: state.pending.filter((item) => item.conversation !== id),
      })
      if (state.selected === id) select(mine()[0]?.id ?? '')
      return
    case 'agent':
      return set({ agents: without(state.agents, id) })
    case 'queue':
      return set({ queues: without(state.queues, id) })
    case 'ticket':
      drop(id)
      return set({ tickets: without(state.tickets, id), origins: without(state.origins, id) })
  }
}

/** The conversations at this person's desk, oldest first. An agent is told of no others; a supervisor sees them all,
 * and has those they took, joined, or had when they ended and the disposition is still to be given. */
export function mine(): Conversation[] {
  return own(state.conversations, state.me, state.closing)
}
export function own(all: ReadonlyMap<string, Conversation>, me: Me | null, closing: ReadonlySet<string>): Conversation[] {
  if (!me) return []
  const has = (item: Conversation) =>
    me.role === 'agent' || item.agent === me.id || item.asked === me.id || item.with_.includes(me.id) || item.listening.includes(me.id) || closing.has(item.id)
  return [...all.values()].filter(has).sort((a, b) => a.since - b.since)
}
/** The callers who would lose their person with this page: not those who are only listened to. */
export function callers(): number {
  const me = state.me?.id
  return mine().filter((item) => (item.agent === me || item.asked === me) && !isOver(item)).length
}
/** Over, and its agent has not said yet how it went. */
export function isOver(item: Conversation): boolean {
  return item.state === 'closed' || item.state === 'failed'
}

/** Final lines of the caller since somebody last answered: how many nobody has looked at, and since which second. */
export function awaiting(lines: readonly Said[] | undefined, read: number): { unread: number; since: number | null } {
  let unread = 0
  let since: number | null = null
  for (let n = (lines?.length ?? 0) - 1; n >= 0; n--) {
    const said = (lines as readonly Said[])[n] as Said
    if (said.by === 'agent' || said.by === 'bot') break
    if (said.by !== 'caller' || !said.final) continue
    since = said.at
    if (said.n > read) unread++
  }
  return { unread, since }
}

/** The conversation has been looked at, up to this line. */
export function seen(conversation: string, n: number): void {
  if ((state.read.get(conversation) ?? -1) < n) set({ read: put(state.read, conversation, n) })
}

export function select(id: string): void {
  set({ selected: id, pane: id ? 'talk' : 'list' })
}

/** How this person supervises a conversation; a page that was loaded anew is told by the server that it listens. */
export function modeOf(from: State, conversation: Conversation): Mode | undefined {
  return from.supervising.get(conversation.id) ?? (conversation.listening.includes(from.me?.id ?? '') ? 'listen' : undefined)
}

/** What this person is at a conversation. */
export function standing(person: Me | null, item: Conversation, mode: Mode | undefined, closing: boolean) {
  const me = person?.id ?? ''
  /** Over, and they may still say how it went. */
  const over = isOver(item) && (closing || person?.role === 'agent')
  const has = item.agent === me || over
  const bridged = has && item.state === 'bridged'
  const asked = item.asked === me
  const joined = item.with_.includes(me)
  return {
    over, has, bridged, asked, joined,
    /** Its sound is for them. */
    hears: !isOver(item) && (bridged || (asked && item.asking === 'bridged') || joined || mode !== undefined),
    /** They are heard by somebody. */
    speaks: bridged || asked || (mode === undefined ? joined : mode !== 'listen'),
    /** They take part in what is said beside it. */
    beside: (asked && item.asking === 'bridged') || (joined && mode !== 'listen') || mode === 'whisper' || mode === 'barge',
  }
}

export function supervise(conversation: string, mode: Mode | null): void {
  set({
    supervising: mode ? put(state.supervising, conversation, mode) : without(state.supervising, conversation),
  })
}
