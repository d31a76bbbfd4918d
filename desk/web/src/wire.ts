// The page's line to the desk: numbered views in, commands out, and a cut that loses and doubles nothing.
//
// What was not answered is sent again under its old id when the line is back (the server does it once); what was told
// meanwhile is asked for by the number of the last message.

import * as drafts from './drafts'
import * as returning from './returning'
import { forget, get, isOver, mine, notice, select, set, supervise, tell } from './store'
import { ticked } from './notify'
import type { Answer, Conversation, Me, Mode, Phrase, Scalar } from './views'
import { whole } from './views'
import { t, zoned } from './words'

const WAITS = [300, 1000, 2000, 4000, 8000]
const LIVE = 2000 // ms at most while somebody is being talked with: their sound is to be back soon
const REPLAY = 5000 // ms within which what was missed has been told
const WHOLE = 60_000 // ms within which what was there before the page was loaded anew is there again, its callers' lines as well
const ECHO = 10_000 // ms between two questions whether the line lives
const PATIENCE = 9_000 // ms for the answer: thirty round trips of a bad mobile line

type Fields = Record<string, Scalar | Record<string, Scalar> | string[]>
interface Asked {
  text: string
  resolve: (answer: Answer) => void
}
interface Incoming {
  type?: string
  seq?: number
  view?: string
}
interface Hello {
  me: Me
  session: string
  now: number
  seq: number
  whole: boolean
  locked: boolean
  settings: { phrases: Phrase[]; breaks: string[]; expires: number; zone: string; idle: number }
}

let socket: WebSocket | null = null
let session = ''
let last = 0
let reported = 0
let tries = 0
let wanted = false
let greeted = false
let retry: ReturnType<typeof setTimeout> | undefined
let patience: ReturnType<typeof setTimeout> | undefined
let touched = 0
const asked = new Map<string, Asked>()
let chosen = '' // what was looked at then
let sought = '' // the same, before the page was loaded anew: not told of yet
const supervised = new Map<string, Mode>() // what was supervised before the line was cut

export function connect(): void {
  wanted = true
  clearTimeout(retry)
  if (socket) return
  set({ link: tries ? 'lost' : 'connecting' })
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
  const line = new WebSocket(`${scheme}//${location.host}/desk/ws?session=${session}&after=${last}&lists=1`)
  socket = line
  greeted = false
  alive(line)
  line.onmessage = (event) => {
    clearTimeout(patience)
    const data = JSON.parse(String(event.data)) as Incoming | Incoming[]
    for (const one of Array.isArray(data) ? data : [data]) receive(one)
  }
  line.onclose = (event) => {
    if (socket !== line) return
    socket = null
    clearTimeout(patience)
    closed(event.code)
  }
}

export function disconnect(): void {
  wanted = false
  clearTimeout(retry)
  const old = socket
  socket = null
  old?.close()
  session = ''
  last = 0
  for (const { resolve } of asked.values()) resolve({ to: '', ok: false, code: 'signed_out' })
  asked.clear()
  supervised.clear()
  forget()
  drafts.forgetAll() // the next who signs in here is another
  returning.forget()
  set({ pending: [], notices: [], selected: '', me: null, locked: false, read: new Map() })
}

function closed(code: number): void {
  if (code === 4401) {
    disconnect()
    set({ phase: 'out' })
  } else if (code === 4409) {
    wanted = false
    set({ link: 'elsewhere' })
  } else if (wanted) {
    set({ link: 'lost' })
    const wait = code === 4412 ? 0 : Math.min(WAITS[Math.min(tries, WAITS.length - 1)] as number, talking() ? LIVE : Infinity)
    tries++
    retry = setTimeout(connect, wait * (0.75 + Math.random() / 2))
  }
}

function receive(data: Incoming): void {
  if (data.view !== undefined && data.seq !== undefined) {
    if (data.seq <= last) return
    last = data.seq
    const view = whole(data as { view: string })
    tell(view)
    if (view.view === 'Said') ticked(view)
    if (view.view === 'Conversation') {
      if (supervised.has(view.id)) void superviseAgain(view)
      if (view.id === sought) select((sought = '', view.id))
    }
    return
  }
  switch (data.type) {
    case 'hello':
      return hello(data as unknown as Hello)
    case 'answer':
      return answered(data as unknown as Answer)
    case 'now':
      return set({ skew: (data as unknown as { now: number }).now - Date.now() / 1000 })
    case 'locked':
      drafts.hide(true)
      return set({ locked: true })
    case 'unlocked':
      drafts.hide(false)
      return set({ locked: false })
  }
}

function hello(data: Hello): void {
  greeted = true
  tries = 0
  session = data.session
  for (const [id, mode] of get().supervising) supervised.set(id, mode)
  chosen = get().selected
  const first = get().me === null
  const was = first ? returning.before(data.me.id) : null
  if (was) {
    chosen = sought = was.selected
    for (const [id, mode] of was.supervising) supervised.set(id, mode)
  }
  drafts.opened(data.me.id, data.settings.idle)
  drafts.hide(data.locked)
  if (data.whole) forget()
  else setTimeout(caughtUp, REPLAY)
  if (first) setTimeout(toldAll, WHOLE)
  zoned(data.settings.zone)
  last = data.seq
  reported = last
  set({
    me: data.me,
    link: 'open',
    phase: 'in',
    locked: data.locked,
    phrases: data.settings.phrases,
    breaks: data.settings.breaks,
    expires: data.settings.expires,
    skew: data.now - Date.now() / 1000,
    ...(first ? { place: was?.place ?? (data.me.role === 'agent' ? 'desk' : 'wall') } : {}),
  })
  for (const { text } of asked.values()) socket?.send(text)
}

/** The page was loaded anew: what is not there by now has ended. */
function toldAll(): void {
  if (get().link !== 'open' || get().locked) return
  sought = ''
  const { conversations, tickets } = get()
  drafts.prune((id) => conversations.has(id) || tickets.has(id))
  const ended = [...supervised.keys()].filter((id) => !conversations.has(id))
  for (const id of ended) supervised.delete(id)
  if (ended.length) notice('warn', t('listening_ended'))
}

/** Everything that was missed has been told. A line cut in the very moment in which somebody began to listen leaves a
 * conversation that looks as it did before, and so is not told again; and where the answer was cut off it comes now,
 * though the listening ended with the line. */
function caughtUp(): void {
  for (const [id, mode] of get().supervising) supervised.set(id, supervised.get(id) ?? mode)
  for (const id of supervised.keys()) {
    const conversation = get().conversations.get(id)
    if (conversation) void superviseAgain(conversation)
  }
  supervised.clear()
}

/** A server that was started again, or has waited for this page for too long, knows of nobody who listened: they listen
 * again. So does who whispered or barged in, and says themselves when they are to be heard. */
async function superviseAgain(conversation: Conversation): Promise<void> {
  const { id, agent, with_, listening } = conversation
  const mode = supervised.get(id) as Mode
  const me = get().me?.id ?? ''
  if (with_.includes(me)) return supervise(id, mode)
  if (listening.includes(me)) return
  supervised.delete(id)
  if (agent === me || isOver(conversation)) return
  const answer = await ask('Supervise', { conversation: id, mode: 'listen' })
  if (answer.ok) {
    supervise(id, 'listen')
    if (chosen === id && !get().selected) select(id) // it was gone for a moment
  }
  notice(answer.ok ? 'info' : 'warn', t(answer.ok ? 'listens_again' : 'listening_ended'))
}

/** A conversation with a person in it is at this page. */
function talking(): boolean {
  return get().supervising.size > 0 || mine().some((item) => item.state === 'accepted' || item.state === 'bridged')
}

function answered(answer: Answer): void {
  const found = asked.get(answer.to)
  if (!found) return
  asked.delete(answer.to)
  found.resolve(answer)
}

/** Ask the centre for something. Resolves when it has been answered, however often the line is cut meanwhile. */
export function ask(command: string, fields: Fields = {}, id = name()): Promise<Answer> {
  if (command === 'Supervise') supervised.delete(fields['conversation'] as string) // they have chosen anew
  const text = JSON.stringify({ type: 'do', id, command, ...fields })
  return new Promise((resolve) => {
    asked.set(id, { text, resolve })
    if (socket?.readyState === WebSocket.OPEN && greeted) socket.send(text)
  })
}

/** Ask, and tell the person when it cannot be done. */
export async function act(command: string, fields: Fields = {}): Promise<Answer> {
  const answer = await ask(command, fields)
  if (!answer.ok && answer.code !== 'signed_out') notice('warn', answer.text || t('refused'))
  return answer
}

/** Words to the caller, or to colleagues beside it: shown at once, marked until they have arrived. */
export async function say(conversation: string, text: string, aside = false): Promise<void> {
  const id = name()
  set({ pending: [...get().pending, { id, conversation, text, failed: '', aside }] })
  const answer = await ask(aside ? 'SayAside' : 'Say', { conversation, text }, id)
  const failed = answer.ok ? '' : answer.text || t('refused')
  set({
    pending: get().pending.flatMap((item) => (item.id !== id ? [item] : failed ? [{ ...item, failed }] : [])),
  })
}

export async function accept(offer: string, conversation: Conversation): Promise<void> {
  const answer = await act('Accept', { offer })
  if (answer.ok) {
    set({ place: 'desk' })
    select(conversation.id)
  }
}

export function unanswered(): number {
  return asked.size
}

function name(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function send(data: object): void {
  if (socket?.readyState === WebSocket.OPEN && greeted) socket.send(JSON.stringify(data))
}

function alive(line: WebSocket): void {
  clearTimeout(patience)
  patience = setTimeout(() => {
    if (socket !== line) return
    // a dead mobile line may take minutes to say so
    line.onclose = null
    socket = null
    line.close()
    closed(1006)
  }, PATIENCE)
}

setInterval(() => {
  if (last > reported) {
    reported = last
    send({ type: 'seen', seq: last })
  }
}, 2000)

setInterval(() => {
  if (!greeted || socket?.readyState !== WebSocket.OPEN) return
  send({ type: Date.now() - touched < ECHO ? 'alive' : 'ping' })
  alive(socket)
}, ECHO)

for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchstart']) {
  addEventListener(kind, () => (touched = Date.now()), { passive: true, capture: true })
}
addEventListener('online', () => {
  if (wanted && !socket) connect()
})
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && wanted && !socket) connect()
})
addEventListener('beforeunload', (event) => {
  const speaking = mine().some((item) => item.medium === 'voice' && item.state === 'bridged' && item.agent === get().me?.id)
  if (asked.size || speaking) event.preventDefault()
})
