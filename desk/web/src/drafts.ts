// What is being written and has not been sent: kept while another conversation is looked at, and over a reload.
//
// For a reload it lies in this tab's session storage, which ends with the tab. It goes from there when it is sent, when
// the conversation leaves this desk, when the page is locked, and at signing out; nobody but who wrote it gets it back.

import { useSyncExternalStore } from 'react'

const PLACE = 'desk.drafts'

interface Kept {
  user: string
  at: number
  texts: [string, string][]
}

const texts = new Map<string, string>()
const listeners = new Set<() => void>()
let user = ''
let hidden = false

/** To the caller; beside it, to colleagues; as a note, of a conversation or a ticket. */
export type Kind = '' | 'beside' | 'note'
const key = (conversation: string, kind: Kind) => (kind ? `${kind} ${conversation}` : conversation)

export function draft(conversation: string, kind: Kind = ''): string {
  return texts.get(key(conversation, kind)) ?? ''
}

export function useDraft(conversation: string, kind: Kind = ''): string {
  return useSyncExternalStore(subscribe, () => draft(conversation, kind))
}
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Words for the caller that stand in the box; what looks for a canned phrase is none. */
export function unsent(conversation: string): string {
  const text = draft(conversation).trim()
  return text.startsWith('/') && !text.includes('\n') ? '' : text
}

export function useUnsent(conversation: string): string {
  return useSyncExternalStore(subscribe, () => unsent(conversation))
}

export function write(conversation: string, text: string, kind: Kind = ''): void {
  if (text) texts.set(key(conversation, kind), text)
  else texts.delete(key(conversation, kind))
  changed()
}

/** The conversation, or the ticket, is not at this desk any more. */
export function drop(conversation: string): void {
  for (const kind of ['', 'beside', 'note'] as const) texts.delete(key(conversation, kind))
  changed()
}

/** Somebody is signed in: what they had written before a reload is here again, if that was not long ago.
 * most: seconds after which a page that nobody touches locks itself; 0: it does not. */
export function opened(who: string, most: number): void {
  if (user === who) return
  user = who
  texts.clear()
  const kept = read()
  const fresh = kept && (!most || Date.now() / 1000 - kept.at < most)
  if (fresh && kept.user === who) for (const [name, text] of kept.texts) texts.set(name, text)
  changed()
}

/** Of conversations and tickets that are not there any more nothing is kept. */
export function prune(there: (id: string) => boolean): void {
  for (const name of [...texts.keys()]) if (!there(name.split(' ').at(-1) as string)) texts.delete(name)
  changed()
}

/** The page is locked: what was written stays in it, out of sight, and nowhere else. */
export function hide(on: boolean): void {
  hidden = on
  changed()
}

/** The next who signs in here is another. */
export function forgetAll(): void {
  user = ''
  hidden = false
  texts.clear()
  changed()
}

function changed(): void {
  for (const listener of listeners) listener()
  try {
    if (!texts.size || !user || hidden) sessionStorage.removeItem(PLACE)
    else sessionStorage.setItem(PLACE, JSON.stringify({ user, at: Date.now() / 1000, texts: [...texts] } satisfies Kept))
  } catch {
    // full, or forbidden by the browser: then a reload loses what is being written
  }
}

function read(): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? 'null') as Kept | null
  } catch {
    return null
  }
}

// how old it is when the page comes again counts from here
addEventListener('pagehide', () => {
  if (user) changed()
})
