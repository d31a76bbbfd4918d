import { useSilenced } from './audible'
import { type Heard, useCall, useSpeaking } from './calls'
import { useShortcut } from './hooks'
import { Icon } from './Icon'
import { select, set, useStore } from './store'
import type { Conversation } from './views'
import { t } from './words'

interface Props {
  sound: Heard
  conversation: Conversation
  speaks: boolean
}
export function SoundBar({ sound, conversation, speaks }: Props) {
  const { state, muted, peak } = sound.look
  const silenced = useSilenced()
  const word = state === 'denied' ? 'sound_denied' : state === 'lost' ? 'sound_lost' : state === 'starting' ? 'link_connecting' : silenced ? 'sound_off' : !speaks ? 'hearing' : muted ? 'muted' : 'on_call'
  return (
    <section className={`sound ${state}`} aria-label={t('call_controls')}>
      {speaks && <Mute sound={sound} />}
      {speaks && <meter min={0} max={1} low={0.02} value={muted ? 0 : Math.min(1, peak * 1.6)} aria-label={t('mic')} />}
      <p role="status">{conversation.on_hold ? t('on_hold') : t(word)}</p>
      {speaks && (
        <ul className="prompts" aria-label={t('suggestions')}>
          {conversation.suggestions.slice(0, 3).map((item) => <li key={item.text}><b>{item.source}</b> {item.text}</li>)}
        </ul>
      )}
    </section>
  )
}

function Mute({ sound }: { sound: Heard }) {
  const { muted } = sound.look
  return (
    <button className="action" aria-pressed={muted} aria-keyshortcuts="Alt+M" title={`${t(muted ? 'unmute' : 'mute')} (Alt+M)`} onClick={() => sound.mute(!muted)}>
      <Icon name={muted ? 'mute' : 'mic'} />
      <span>{t(muted ? 'unmute' : 'mute')}</span>
    </button>
  )
}

/** The call one is on, where it is not in view: they hear each other all the same. */
export function CallBar() {
  const id = useSpeaking()
  const sound = useCall(id)
  const caller = useStore((state) => state.conversations.get(id)?.caller)
  const seen = useStore((state) => state.selected === id && state.place !== 'tickets')
  const pane = useStore((state) => (state.place === 'desk' ? state.pane : ''))
  useShortcut('KeyM', () => sound?.mute(!sound.look.muted))
  if (!sound) return null
  const back = () => {
    set({ place: 'desk' })
    select(id)
  }
  return (
    <section className="call-bar" data-seen={seen} data-pane={pane} aria-label={t('call_controls')}>
      <Icon name="phone" />
      <b className="cut">{caller || t('caller')}</b>
      <span role="status">{t(sound.look.state === 'lost' ? 'sound_lost' : sound.look.muted ? 'muted' : 'still_on_call')}</span>
      <Mute sound={sound} />
      <button onClick={back}>{t('back_to_call')}</button>
    </section>
  )
}
