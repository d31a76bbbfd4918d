// An offer is heard and seen although the page is behind others: a soft ring, a notification, a mark in the title.

import { setting } from './hooks'
import type { Offer } from './views'
import { t } from './words'

let context: AudioContext | null = null
let ringing: ReturnType<typeof setInterval> | undefined
let shown: Notification | undefined

function chime(): void {
  context ??= new AudioContext()
  const now = context.currentTime
  for (const [index, pitch] of [659, 880].entries()) {
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
  document.title = offers.length ? `(${offers.length}) ${t('title')}` : t('title')
  if (!offers.length) {
    shown?.close()
    shown = undefined
    return
  }
  if (setting('ring') === 'on') {
    chime()
    ringing = setInterval(chime, 2500)
  }
  const offer = offers[0] as Offer
  if (setting('desktop') === 'on' && document.hidden && !shown && Notification.permission === 'granted') {
    const medium = t(offer.conversation.medium)
    // no name, number or word of the caller: notifications lie about on lock screens
    shown = new Notification(t('new_offer', { medium }), { tag: 'offer', requireInteraction: true })
    shown.onclick = () => {
      focus()
      shown?.close()
    }
  }
}

export async function allowDesktop(): Promise<boolean> {
  return 'Notification' in window && (await Notification.requestPermission()) === 'granted'
}
