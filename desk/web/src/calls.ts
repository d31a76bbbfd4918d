// The sound of spoken conversations: it goes on while the person looks at something else, and ends with the call.

import { useEffect, useSyncExternalStore } from 'react'

import { CallSound, type Look } from './sound'
import { modeOf, standing, type State, useStore } from './store'

interface Call {
  sound: CallSound
  speaks: boolean
}
export interface Heard {
  look: Look
  mute: (on: boolean) => void
}

const calls = new Map<string, Call>()
const shown = new Map<string, Heard>()
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The sound of a conversation, if there is any for this person. */
export function useCall(conversation: string): Heard | undefined {
  return useSyncExternalStore(subscribe, () => shown.get(conversation))
}

/** The conversation in which this person is heard; empty: none. */
export function useSpeaking(): string {
  return useSyncExternalStore(subscribe, () => [...calls].find(([, call]) => call.speaks)?.[0] ?? '')
}

/** Those who are heard keep their sound wherever one looks; who only listens hears what they look at. */
export function useCalls(): void {
  const wanted = useStore(audibleOnes)
  useEffect(() => {
    const lines = wanted ? wanted.split('\n').map((line) => line.split(' ') as [string, string]) : []
    agree(new Map(lines.map(([speaks, id]) => [id, speaks === 'speaks'])))
  }, [wanted])
  useEffect(() => () => agree(new Map()), [])
}

/** As text: it is the same while nothing changes. */
function audibleOnes(state: State): string {
  const found: string[] = []
  if (state.link === 'elsewhere') return '' // the sound is the other page's
  for (const item of state.conversations.values()) {
    if (item.medium !== 'voice') continue
    const { hears, speaks } = standing(state.me, item, modeOf(state, item), state.closing.has(item.id))
    if (hears && (speaks || state.selected === item.id)) found.push(`${speaks ? 'speaks' : 'listens'} ${item.id}`)
  }
  return found.join('\n')
}

function agree(wanted: ReadonlyMap<string, boolean>): void {
  for (const [id, call] of calls) {
    if (wanted.get(id) === call.speaks) continue
    calls.delete(id)
    shown.delete(id)
    call.sound.close()
  }
  for (const [id, speaks] of wanted) {
    if (calls.has(id)) continue
    const sound = new CallSound(id, speaks, (look) => show(id, sound, look))
    calls.set(id, { sound, speaks })
    show(id, sound, sound.look)
  }
  for (const listener of listeners) listener()
}

function show(id: string, sound: CallSound, look: Look): void {
  if (calls.get(id)?.sound !== sound) return
  shown.set(id, { look, mute: (on) => sound.mute(on) })
  for (const listener of listeners) listener()
}
