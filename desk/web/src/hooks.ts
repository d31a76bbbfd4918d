// Small hooks: the server's clock, the dialog that is open, shortcuts, settings of this machine.

import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'

import { get } from './store'
import type { Answer } from './views'

/** Unix seconds by the server's clock, once a second. */
export function useNow(): number {
  return useSyncExternalStore(watchClock, () => second) + get().skew
}
let second = Date.now() / 1000
let clock: ReturnType<typeof setInterval> | undefined
const watching = new Set<() => void>()
/** One timer for all that show a time. */
function watchClock(listener: () => void): () => void {
  watching.add(listener)
  second = Date.now() / 1000
  clock ??= setInterval(() => {
    second = Date.now() / 1000
    for (const one of watching) one()
  }, 1000)
  return () => {
    watching.delete(listener)
    if (watching.size) return
    clearInterval(clock)
    clock = undefined
  }
}

type Shortcut = (event: KeyboardEvent) => void
const shortcuts = new Map<string, Shortcut[]>()

/** Alt and a key, by the key's place (on a Mac, Alt makes letters of its own). The newest that is there gets it. */
export function useShortcut(code: string, run: Shortcut): void {
  const latest = useEffectEvent(run)
  useEffect(() => {
    const mine: Shortcut = (event) => latest(event)
    shortcuts.set(code, [...(shortcuts.get(code) ?? []), mine])
    return () => {
      shortcuts.set(code, (shortcuts.get(code) ?? []).filter((item) => item !== mine))
    }
  }, [code])
}

addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey) return
  const target = event.target as HTMLElement
  const writing = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
  const plain = !event.altKey && (event.key === '?' || event.key === '/')
  if (document.querySelector('dialog[open]')) return
  if (target.tagName === 'SELECT' && event.code.startsWith('Arrow')) return // Alt ↓ opens it
  const name = event.altKey ? event.code : plain && !writing && setting('letters') === 'on' ? event.key : ''
  const run = shortcuts.get(name)?.at(-1)
  if (!run) return
  event.preventDefault()
  run(event)
})

const DEFAULTS = { theme: 'auto', ring: 'on', desktop: 'off', letters: 'on' }
type Setting = keyof typeof DEFAULTS
const listeners = new Set<() => void>()

export function setting(name: Setting): string {
  return localStorage.getItem(`desk.${name}`) ?? DEFAULTS[name]
}
export function choose(name: Setting, value: string): void {
  localStorage.setItem(`desk.${name}`, value)
  document.documentElement.dataset.theme = setting('theme')
  for (const listener of listeners) listener()
}
export function useSetting(name: Setting): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => setting(name),
  )
}
document.documentElement.dataset.theme = setting('theme')

/** What cannot be undone is asked about first. */
export interface Question {
  title: string
  text: string
  button: string
  run: () => Promise<Pick<Answer, 'ok' | 'text'>>
}
export type Opened =
  | { kind: '' | 'help' | 'password' | 'audit' | 'export' }
  | { kind: 'transfer' | 'bot' | 'finish' | 'ticket' | 'pull'; conversation: string }
  | { kind: 'assign' | 'reopen'; ticket: string }
  | { kind: 'sure'; question: Question }
let opened: Opened = { kind: '' }
const dialogs = new Set<() => void>()
export function openDialog(next: Opened): void {
  opened = next
  for (const listener of dialogs) listener()
}
export function useDialog(): Opened {
  return useSyncExternalStore(
    (listener) => {
      dialogs.add(listener)
      return () => dialogs.delete(listener)
    },
    () => opened,
  )
}

/** What stands in a form under this name. */
export function field(data: FormData, name: string): string {
  const value = data.get(name)
  return typeof value === 'string' ? value : ''
}

/** How the key that goes with letters is called on this machine. */
export const ALT = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌥' : 'Alt'
