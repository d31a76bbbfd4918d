// Browsers let a page sound only after somebody has touched it: a page that was loaded anew is silent until then.

import { useSyncExternalStore } from 'react'

const MOMENT = 500 // ms in which sound that is allowed has begun

const waiting = new Set<AudioContext>()
const listeners = new Set<() => void>()

/** Sound of the page, which is told of by `useSilenced` while the browser holds it back. */
export function audible(options?: AudioContextOptions): AudioContext {
  const context = new AudioContext(options)
  const look = () => {
    if (context.state === 'running' || context.state === 'closed') waiting.delete(context)
    else waiting.add(context)
    for (const listener of listeners) listener()
  }
  context.onstatechange = look
  void context.resume().catch(() => undefined) // closed before it began
  setTimeout(look, MOMENT)
  return context
}

/** Sound is to be heard, and the browser waits for a key or a click. */
export function useSilenced(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => waiting.size > 0,
  )
}

for (const kind of ['pointerdown', 'pointerup', 'keydown', 'click']) {
  addEventListener(kind, () => waiting.forEach((context) => void context.resume().catch(() => undefined)), { capture: true, passive: true })
}
