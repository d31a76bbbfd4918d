// An offer is heard and seen although the page is behind others: a soft ring, a notification, a mark in the title.

import { audible } from './audible'
import { setting } from './hooks'
import { awaiting, get, mine } from './store'
import type { Offer, Said } from './views'
import { t } from './words'

let context: AudioContext | null = null
let begins = false
let ringing: ReturnType<typeof setInterval> | undefined
let shown: Notification | undefined

/** Where sound is not allowed yet: once, when it is. */
function chime(...pitches: number[]): void {
  context ??= audible()
  if (context.state === 'running') return play(context, pitches)
  if (begins) return
  begins = true
  void context.resume().then(() => {
    begins = false
    if (context && get().phase === 'in') play(context, pitches)
  })
}

function play(context: AudioContext, pitches: readonly number[]): void {
  const now = context.currentTime
  for (const [index, pitch] of pitches.entries()) {
    const tone = context.createOscillator()
    const gain = context.createGain()
    tone.frequency.value = pitch
    const begin = now + index * 0.18
    gain.gain.setValueAtTime(0, begin)
    gain.gain.linearRampToValueAtTime(0.12, begin + 0.02)
    gain.gain.exponentialRampToValueAtTime(0.001, begin + 0.5)
    tone.connect(gain).connect(context.destination)
    tone.start(begin)
    tone.stop(begin + 0.55)
  }
}

/** Ring while there are offers; quiet when there are none. */
export function ring(offers: readonly Offer[]): void {
  clearInterval(ringing)
  if (!offers.length) {
    shown?.close()
    shown = undefined
    return
  }
  if (setting('ring') === 'on') {
    chime(659, 880)
    ringing = setInterval(() => chime(659, 880), 2500)
  }
  const offer = offers[0] as Offer
  if (!shown) shown = notify(t('new_offer', { medium: t(offer.conversation.medium) }), 'offer')
}

/** A notification of the desktop, if wanted and nobody looks. It holds no name, number or word of a caller:
 * notifications lie about on lock screens. */
function notify(text: string, tag: string): Notification | undefined {
  if (setting('desktop') !== 'on' || !document.hidden || Notification.permission !== 'granted') return undefined
  const note = new Notification(text, { tag, requireInteraction: tag === 'offer' })
  note.onclick = () => {
    focus()
    note.close()
  }
  return note
}

let tick = 0
/** A caller has written to a conversation that is not in front: one soft tone, and no more than one in two seconds. */
export function ticked(said: Said): void {
  const { selected, place, me } = get()
  if (said.by !== 'caller' || !said.final || (said.conversation === selected && place === 'desk' && !document.hidden)) return
  const conversation = get().conversations.get(said.conversation)
  if (conversation?.agent !== me?.id || conversation?.state !== 'bridged' || conversation.medium !== 'text') return
  if (Date.now() - tick < 2000) return
  tick = Date.now()
  if (setting('ring') === 'on') chime(784)
  notify(t('new_words'), 'words')
}

/** What waits for this person stands in the title: offers, and words nobody has read. */
export function title(): string {
  const { said, read, offers } = get()
  const unread = mine().reduce((sum, item) => sum + awaiting(said.get(item.id), read.get(item.id) ?? -1).unread, 0)
  const waiting = offers.size + unread
  return waiting ? `(${waiting}) ${t('title')}` : t('title')
}

export async function allowDesktop(): Promise<boolean> {
  return 'Notification' in window && (await Notification.requestPermission()) === 'granted'
}
