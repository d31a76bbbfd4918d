// Where somebody was in the page before it was loaded again, and whom they were listening to: names of conversations
// only, in this tab's session storage, forgotten at signing out.

import { get } from './store'
import type { Place } from './store'
import type { Mode } from './views'

const NAME = 'desk.returning'
const SOON = 60 // s: a page that comes back later does not listen by itself

interface Where {
  user: string
  at: number
  place: Place
  selected: string
  supervising: [string, Mode][]
}

/** Where this person was a moment ago, in this tab. */
export function before(user: string): Where | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(NAME) ?? 'null') as Where | null
    return kept?.user === user && Date.now() / 1000 - kept.at < SOON ? kept : null
  } catch {
    return null
  }
}

export function forget(): void {
  sessionStorage.removeItem(NAME)
}

addEventListener('pagehide', () => {
  const { me, phase, locked, place, selected, supervising } = get()
  if (phase !== 'in' || locked || !me) return
  const where: Where = { user: me.id, at: Date.now() / 1000, place, selected, supervising: [...supervising] }
  try {
    sessionStorage.setItem(NAME, JSON.stringify(where))
  } catch {
    // full, or forbidden by the browser: then one chooses anew
  }
})
