import { useEffect, useRef, useState } from 'react'

import { Beside } from './Beside'
import { Briefing } from './Briefing'
import { useCall } from './calls'
import { Composer } from './Composer'
import { openDialog, useNow, useShortcut } from './hooks'
import { Icon, type IconName } from './Icon'
import { Key } from './Key'
import { isOver, modeOf, own, set, standing, type State, useStore } from './store'
import { SoundBar } from './SoundBar'
import { Supervision } from './Supervision'
import { Transcript } from './Transcript'
import type { Conversation } from './views'
import { act } from './wire'
import { duration, named, t } from './words'

export function Talk({ id }: { id: string }) {
  const conversation = useStore((state) => state.conversations.get(id))
  if (!conversation) return <Nothing />
  return <Open conversation={conversation} />
}

/** Nothing is open: whether anything will come, and how to see to it. */
function Nothing() {
  const presence = useStore((state) => state.agents.get(state.me?.id ?? '')?.presence)
  const some = useStore((state) => own(state.conversations, state.me, state.closing).length > 0)
  const away = presence !== undefined && presence !== 'available'
  return (
    <div className="empty">
      <Icon name="talk" />
      <p><b>{some ? t('choose_one') : away ? t('away_now', { presence: t(presence) }) : t('no_conversations')}</b></p>
      {!some && <p>{t(away ? 'away_hint' : 'none_hint')}</p>}
      {away && presence !== 'wrap_up' && (
        <button className="primary" onClick={() => void act('SetPresence', { presence: 'available' })}>{t('be_available')} <Key letter="P" /></button>
      )}
      <p><kbd>?</kbd> {t('help')}</p>
    </div>
  )
}

function Open({ conversation }: { conversation: Conversation }) {
  const me = useStore((state) => state.me)
  const mode = useStore((state) => modeOf(state, conversation))
  const closing = useStore((state) => state.closing.has(conversation.id))
  const { over, has, bridged, asked, joined, speaks, beside: takesPart } = standing(me, conversation, mode, closing)
  const role = me?.role
  const sound = useCall(conversation.id)
  const aside = useStore((state) => state.asides.has(conversation.id))
  const beside = aside || (bridged && (conversation.asking !== '' || conversation.with_.length > 0)) || takesPart
  const watches = role === 'supervisor' || role === 'admin'
  return (
    <>
      <Head conversation={conversation} bridged={bridged} />
      {watches && !has && <Supervision conversation={conversation} />}
      <Briefing conversation={conversation} />
      <Hints id={conversation.id} />
      <div className="middle">
        <div className="both">
          <Transcript conversation={conversation} over={isOver(conversation)} shown={has || role === 'agent' || mode !== undefined || joined} />
          {beside && <Beside conversation={conversation} speaks={bridged || takesPart} />}
        </div>
      </div>
      {((has && conversation.state === 'accepted') || (asked && conversation.asking === 'accepted')) && <Acknowledge id={conversation.id} />}
      {over && (
        <div className="acknowledge">
          <p>{t('over')}</p>
          <button className="primary" autoFocus onClick={() => openDialog({ kind: 'finish', conversation: conversation.id })}>{t('write_up')}</button>
        </div>
      )}
      {asked && conversation.asking === 'bridged' && conversation.medium === 'text' && <p className="acknowledge">{t('asked_text')}</p>}
      {sound && <SoundBar sound={sound} conversation={conversation} speaks={speaks} />}
      {(bridged || mode === 'barge' || (role === 'agent' && joined)) && conversation.medium === 'text' && <Composer conversation={conversation} />}
    </>
  )
}

function Head({ conversation, bridged }: { conversation: Conversation; bridged: boolean }) {
  const { id } = conversation
  const listening = useStore((state) => names(state, conversation.listening))
  const beside = useStore((state) => names(state, conversation.with_))
  const consulting = bridged && (conversation.asking !== '' || conversation.with_.length > 0)
  const asked = useStore((state) => state.agents.get(conversation.asked)?.name) ?? conversation.asked
  const talks = consulting && conversation.asking === 'bridged'
  const heir = talks || (consulting && conversation.joined.length > 0)
  const complete = (how: 'hand_over' | 'join' | 'cancel') => void act('Complete', { conversation: id, how })
  useShortcut('KeyO', () => heir && complete('hand_over'))
  useShortcut('KeyL', () => talks && complete('join'))
  useShortcut('KeyU', () => consulting && conversation.asking !== '' && complete('cancel'))
  useShortcut('KeyH', () => bridged && void act('Hold', { conversation: id, on: !conversation.on_hold }))
  useShortcut('KeyT', () => bridged && openDialog({ kind: 'transfer', conversation: id }))
  useShortcut('KeyB', () => bridged && openDialog({ kind: 'bot', conversation: id }))
  useShortcut('KeyC', () => (bridged || isOver(conversation)) && openDialog({ kind: 'finish', conversation: id }))
  return (
    <header className="head">
      <button className="icon narrow-only" aria-label={t('back')} onClick={() => set({ pane: 'list' })}><Icon name="back" /></button>
      <div className="whom">
        <h2 title={conversation.caller}><span className="cut">{conversation.caller || t('caller')}</span></h2>
        <p>
          <span className={`state ${conversation.state}`}>{conversation.on_hold ? t('on_hold') : named('state', conversation.state)}</span>
          <Timer since={conversation.since} />
          <span className="wide-only">{conversation.bot} · {t(conversation.direction)} · {conversation.queue}</span>
        </p>
      </div>
      {bridged && (
        <div className="actions">
          <Action icon={conversation.on_hold ? 'play' : 'hold'} word={conversation.on_hold ? 'unhold' : 'hold'} letter="H" pressed={conversation.on_hold} run={() => void act('Hold', { conversation: id, on: !conversation.on_hold })} />
          <Action icon="transfer" word="transfer" letter="T" run={() => openDialog({ kind: 'transfer', conversation: id })} />
          <Action icon="bot" word="to_bot" letter="B" run={() => openDialog({ kind: 'bot', conversation: id })} />
          <Action icon="finish" word="finish" letter="C" run={() => openDialog({ kind: 'finish', conversation: id })} />
        </div>
      )}
      {consulting && (
        <div className="consult" role="group" aria-label={t('transfer')}>
          <span role="status">
            {conversation.asking === '' ? t('with_you', { who: beside }) : t(conversation.asking === 'bridged' ? 'consulting' : 'calling', { who: asked })}
          </span>
          {heir && <Outcome word="hand_over" letter="O" primary run={() => complete('hand_over')} />}
          {talks && <Outcome word="join" letter="L" run={() => complete('join')} />}
          {conversation.asking !== '' && <Outcome word="take_back" letter="U" run={() => complete('cancel')} />}
        </div>
      )}
      {bridged && listening && <p className="listening" role="status">{t('listens', { who: listening })}</p>}
    </header>
  )
}

/** Those at a conversation but this person, by name. */
function names(state: State, ids: readonly string[]): string {
  const others = ids.filter((id) => id !== state.me?.id)
  return others.map((id) => state.agents.get(id)?.name ?? id).join('、')
}

interface OutcomeProps {
  word: 'hand_over' | 'join' | 'take_back'
  letter: string
  primary?: boolean
  run: () => void
}
/** What becomes of asking a colleague. */
function Outcome({ word, letter, primary, run }: OutcomeProps) {
  return (
    <button className={primary ? 'primary small' : 'small'} aria-keyshortcuts={`Alt+${letter}`} title={`${t(word)} (Alt+${letter})`} onClick={run}>
      {t(word)} <Key letter={letter} />
    </button>
  )
}

interface ActionProps {
  icon: IconName
  word: 'hold' | 'unhold' | 'transfer' | 'to_bot' | 'finish'
  letter: string
  pressed?: boolean
  run: () => void
}
function Action({ icon, word, letter, pressed, run }: ActionProps) {
  return (
    <button className="action" aria-pressed={pressed} aria-keyshortcuts={`Alt+${letter}`} title={`${t(word)} (Alt+${letter})`} onClick={run}>
      <Icon name={icon} />
      <span>{t(word)}</span>
      <Key letter={letter} />
    </button>
  )
}

function Timer({ since }: { since: number }) {
  const now = useNow()
  return <span className="time">{duration(now - since)}</span>
}

function Acknowledge({ id }: { id: string }) {
  const button = useRef<HTMLButtonElement>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => button.current?.focus(), [])
  return (
    <div className="acknowledge">
      <button
        ref={button}
        className="primary big"
        disabled={busy}
        onClick={async () => {
          setBusy(true)
          await act('Acknowledge', { conversation: id })
          setBusy(false)
        }}
      >
        {t('acknowledge')}
        <kbd>↵</kbd>
      </button>
    </div>
  )
}

function Hints({ id }: { id: string }) {
  const hints = useStore((state) => state.hints.get(id))
  const [gone, setGone] = useState<readonly string[]>([])
  const shown = (hints ?? []).filter((hint) => !gone.includes(`${hint.kind} ${hint.at}`)).slice(-3)
  return (
    <div className="hints" role="status" aria-label={t('hints')}>
      {shown.map((hint) => (
        <p key={`${hint.kind} ${hint.at}`} className={`hint ${hint.level}`}>
          <Icon name="warn" />
          <span>{hint.text}</span>
          <button className="icon" aria-label={t('dismiss')} onClick={() => setGone([...gone, `${hint.kind} ${hint.at}`])}><Icon name="close" /></button>
        </p>
      ))}
    </div>
  )
}
