import { openDialog } from './hooks'
import { modeOf, supervise, useStore } from './store'
import type { Conversation, Mode } from './views'
import { act, ask } from './wire'
import { t } from './words'

export function Supervision({ conversation }: { conversation: Conversation }) {
  const mode = useStore((state) => modeOf(state, conversation))
  const there = useStore((state) => conversation.with_.includes(state.me?.id ?? '')) || mode !== undefined
  const { id } = conversation
  const to = async (next: Mode | null) => {
    if (!next) supervise(id, null) // at once: a page that is loaded anew now does not listen again
    const answer = await act('Supervise', { conversation: id, mode: next })
    if (answer.ok) supervise(id, next)
    else if (!next && mode) supervise(id, mode)
  }
  const person = conversation.state === 'bridged'
  const agent = useStore((state) => state.agents.get(conversation.agent)?.name) ?? conversation.agent
  const take = () => {
    if (!person) return void to('takeover')
    const run = async () => {
      const answer = await ask('Supervise', { conversation: id, mode: 'takeover' })
      if (answer.ok) supervise(id, 'takeover')
      return answer
    }
    openDialog({ kind: 'sure', question: { title: t('takeover'), text: t('takeover_sure', { who: agent }), button: t('takeover'), run } })
  }
  return (
    <div className="supervision" role="group" aria-label={t('supervise')}>
      {(['listen', 'whisper', 'barge', 'takeover'] as const).map((name) => (
        <button key={name} className="small" aria-pressed={mode === name} disabled={!person && name === 'whisper'} onClick={() => (name === 'takeover' ? take() : void to(name))}>{t(name)}</button>
      ))}
      <button className="small" onClick={() => openDialog({ kind: 'pull', conversation: id })}>{t('pull')}</button>
      {there && <button className="small" onClick={() => void to(null)}>{t('leave')}</button>}
      {mode && <span className="mode" role="status">{t(mode === 'whisper' && conversation.medium === 'text' ? 'mode_whisper_text' : `mode_${mode}`)}</span>}
    </div>
  )
}
