import { useSilenced } from './audible'
import { type Heard } from './calls'
import { useShortcut } from './hooks'
import { Icon } from './Icon'
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
  useShortcut('KeyM', () => sound.mute(!muted))
  const word = state === 'denied' ? 'sound_denied' : state === 'lost' ? 'sound_lost' : state === 'starting' ? 'link_connecting' : silenced ? 'sound_off' : muted ? 'muted' : 'on_call'
  return (
    <section className={`sound ${state}`} aria-label={t('call_controls')}>
      {speaks && (
        <button className="action" aria-pressed={muted} aria-keyshortcuts="Alt+M" title={`${t(muted ? 'unmute' : 'mute')} (Alt+M)`} onClick={() => sound.mute(!muted)}>
          <Icon name={muted ? 'mute' : 'mic'} />
          <span>{t(muted ? 'unmute' : 'mute')}</span>
        </button>
      )}
      {speaks && <meter min={0} max={1} low={0.02} value={muted ? 0 : Math.min(1, peak * 1.6)} aria-label={t('mic')} />}
      <p role="status">{conversation.on_hold ? t('on_hold') : t(word)}</p>
      <ul className="prompts" aria-label={t('suggestions')}>
        {conversation.suggestions.slice(0, 3).map((item) => <li key={item.text}><b>{item.source}</b> {item.text}</li>)}
      </ul>
    </section>
  )
}
