// What the desk is told, as huashu/handoff/views.py says it. Fields equal to their default are left out on the wire;
// `whole` puts them back.

export type Medium = 'text' | 'voice'
export type Role = 'agent' | 'supervisor' | 'designer' | 'admin'
export type Presence = 'available' | 'wrap_up' | 'break' | 'offline'
export type ConversationState =
  | 'bot' | 'queued' | 'offered' | 'accepted' | 'bridged' | 'returned' | 'closed' | 'failed'
export type Mode = 'listen' | 'whisper' | 'barge' | 'takeover'
export type Scalar = string | number | boolean | null | { decimal: string }

export interface Said {
  view: 'Said'
  conversation: string
  n: number
  by: 'caller' | 'bot' | 'agent' | 'system'
  at: number
  text: string
  final: boolean
  heard: number
  agent: string
  command: string
}
export interface Aside {
  view: 'Aside'
  conversation: string
  n: number
  agent: string
  at: number
  text: string
  command: string
}
export interface Slot {
  name: string
  title: string
  masked: string
  source: 'said' | 'keyed' | 'given' | 'action' | 'agent' | 'script'
  confidence?: number
  private?: boolean
}
export interface Suggestion {
  text: string
  source: string
  kind?: 'knowledge' | 'canned'
}
export interface Hint {
  view: 'Hint'
  conversation: string
  at: number
  kind: string
  text: string
  level: 'info' | 'warn' | 'alert'
}
export interface Field {
  name: string
  title: string
  type: string
  required?: boolean
  choices?: string[]
  value?: string
  /** The value is masked. */
  private?: boolean
}
export interface Conversation {
  view: 'Conversation'
  id: string
  state: ConversationState
  bot: string
  medium: Medium
  direction: 'inbound' | 'outbound'
  language: string
  queue: string
  reason: string
  wanted: string
  caller: string
  since: number
  began: number
  agent: string
  step: string
  steps: [string, string][]
  question: string
  slots: Slot[]
  promised: string[]
  refused: string[]
  mood: [number, number][]
  suggestions: Suggestion[]
  form: Field[]
  form_title: string
  dispositions: string[]
  note: string
  history: string[]
  on_hold: boolean
  /** Others on the line who may be heard. */
  with_: string[]
  /** Supervisors who only listen. */
  listening: string[]
  /** Those of with_ to whom the caller may be handed over. */
  joined: string[]
  asked: string
  asking: ConversationState | ''
}
export interface Offer {
  view: 'Offer'
  id: string
  conversation: Conversation
  expires: number
}
export interface Withdrawn {
  view: 'Withdrawn'
  id: string
  why: string
}
/** What callers have answered since midnight to how it was. */
export interface Opinion {
  asked?: number
  answers?: number
  csat?: number | null
  nps?: number | null
}
export interface Queue {
  view: 'Queue'
  name: string
  title: string
  waiting: number
  longest: number
  expected: number | null
  answered: number
  lost: number
  level: number
  open: boolean
  agents: number
  opinion?: Opinion
  /** When it came, by this machine's clock: the first in it has waited on since. */
  came: number
}
export interface Agent {
  view: 'Agent'
  id: string
  name: string
  presence: Presence
  since: number
  skills: Record<string, number>
  load: Partial<Record<Medium, number>>
  capacity: Partial<Record<Medium, number>>
  conversations: string[]
  opinion?: Opinion
  /** Why they are on a break; "missed": they let offers ring out. */
  away: string
  /** Those whose tickets they may be given. */
  queues: string[]
}
export interface Gone {
  view: 'Gone'
  kind: 'conversation' | 'agent' | 'queue' | 'ticket'
  id: string
}
export interface Ticket {
  view: 'Ticket'
  id: string
  state: 'open' | 'assigned' | 'pending' | 'solved' | 'closed'
  queue: string
  title: string
  conversation: string
  agent: string
  due: number
  level: number
  form: Field[]
  note: string
  caller: string
  /** "csat 4", "nps -": no answer. */
  rating: string
  /** How often it was opened again. */
  reopened: number
  /** Who has given it to its agent by name. */
  assigned_by: string
  /** When it was solved or closed; 0: it is in work. */
  done: number
}
/** The conversation that a ticket came from. */
export interface Origin {
  view: 'Origin'
  /** The ticket's. */
  id: string
  conversation: string
  medium: Medium
  began: number
  said: Said[]
  slots: Slot[]
  recordings: string[]
  missing: boolean
}
export type View = Origin | Said | Aside | Hint | Conversation | Offer | Withdrawn | Queue | Agent | Gone | Ticket

export interface Answer {
  to: string
  ok: boolean
  code?: string
  text?: string
  values?: Record<string, Scalar>
}
export interface Me {
  id: string
  name: string
  role: Role
  language: string
  outside: boolean
}
export interface Phrase {
  name: string
  text: string
}

const CONVERSATION = {
  agent: '', step: '', steps: [], question: '', slots: [], promised: [], refused: [], mood: [], suggestions: [],
  form: [], form_title: '', dispositions: [], note: '', history: [], on_hold: false, with_: [], listening: [], joined: [], asked: '', asking: '',
}
const DEFAULTS: Record<string, object> = {
  Said: { final: true, heard: 1, agent: '', command: '' },
  Aside: { command: '' },
  Hint: { level: 'info' },
  Conversation: CONVERSATION,
  Origin: { said: [], slots: [], recordings: [], missing: false },
  Agent: { conversations: [], away: '', queues: [] },
  Ticket: { level: 1, form: [], note: '', caller: '', rating: '', reopened: 0, assigned_by: '', done: 0 },
}

/** A view as it came, with the fields that were left out. */
export function whole(data: { view: string }): View {
  const view = { ...DEFAULTS[data.view], ...data } as View
  if (view.view === 'Queue') view.came = Date.now() / 1000
  if (view.view === 'Offer') view.conversation = { ...CONVERSATION, ...view.conversation, view: 'Conversation' }
  if (view.view === 'Origin') view.said = view.said.map((said) => whole({ ...said, view: 'Said' }) as Said)
  return view
}

/** Solved or closed. */
export function isDone(ticket: Ticket): boolean {
  return ticket.state === 'solved' || ticket.state === 'closed'
}

/** Seconds that the first in a queue has waited by now. */
export function waited(queue: Queue): number {
  return queue.waiting ? queue.longest + Date.now() / 1000 - queue.came : 0
}

export function shown(value: Scalar | undefined): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? value.decimal : String(value)
}
