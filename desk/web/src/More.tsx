import { useEffect, useEffectEvent, useRef, useState } from 'react'

import { useDraft, write } from './drafts'
import { openDialog, useShortcut } from './hooks'
import { Icon } from './Icon'
import { useStore } from './store'
import type { Answer, Conversation, Field, Slot } from './views'
import { shown } from './views'
import { act, ask } from './wire'
import { Key } from './Key'
import { named, t } from './words'

const SHOWN_FOR = 20_000 // ms a private value stays in sight

export function More({ id }: { id: string }) {
  const conversation = useStore((state) => state.conversations.get(id))
  const me = useStore((state) => state.me)
  const closing = useStore((state) => state.closing.has(id))
  if (!conversation) return <section className="more" aria-label={t('more')} />
  const mine = conversation.agent === me?.id || me?.role === 'agent' || closing
  return (
    <section className="more" aria-label={t('more')}>
      <Slots conversation={conversation} mine={mine} />
      {conversation.form.length > 0 && <Form conversation={conversation} mine={mine} />}
      {mine && <Note conversation={conversation} />}
      <Knowledge conversation={conversation} />
      {mine && <button className="wide" onClick={() => openDialog({ kind: 'ticket', conversation: id })}>{t('file_ticket')}</button>}
    </section>
  )
}

function Slots({ conversation, mine }: { conversation: Conversation; mine: boolean }) {
  return (
    <section aria-label={t('slots')}>
      <h2>{t('slots')}</h2>
      {!conversation.slots.length && <p className="quiet">{t('no_slots')}</p>}
      <dl className="slots">
        {conversation.slots.map((slot) => <Value key={slot.name} slot={slot} of={{ conversation: conversation.id }} sees={mine} />)}
      </dl>
    </section>
  )
}

/** Whose private values: a conversation's, or a ticket's. */
export interface Whose {
  conversation: string
  ticket?: string
}

/** The whole of a private value, fetched on record and shown for a while; null: masked. */
function useUnmasked(of: Whose, name: string) {
  const [value, setValue] = useState<string | null>(null)
  useEffect(() => {
    if (value === null) return
    const timer = setTimeout(() => setValue(null), SHOWN_FOR)
    return () => clearTimeout(timer)
  }, [value])
  const unmask = async () => {
    if (value !== null) return setValue(null)
    const answer = await act('Unmask', { ...of, slot: name })
    if (answer.ok) setValue(shown(answer.values?.[name]))
  }
  return [value, unmask] as const
}

function Eye({ title, value, unmask }: { title: string; value: string | null; unmask: () => Promise<void> }) {
  return (
    <button className="icon" aria-pressed={value !== null} aria-label={value === null ? t('show_slot', { name: title }) : t('hide')} title={t(value === null ? 'show' : 'hide')} onClick={() => void unmask()}>
      <Icon name="eye" />
    </button>
  )
}

/** sees: this person may be shown the whole of a private one. */
export function Value({ slot, of, sees }: { slot: Omit<Slot, 'source'> & Partial<Slot>; of: Whose; sees: boolean }) {
  const [value, unmask] = useUnmasked(of, slot.name)
  const confidence = slot.confidence ?? 1
  return (
    <div>
      <dt>{slot.title}</dt>
      <dd>
        <span className="value">{value ?? slot.masked}</span>
        {confidence < 0.8 && <span className="tag warn">{t('unsure', { n: Math.round(confidence * 100) })}</span>}
        {slot.source && <span className="source">{named('source', slot.source)}</span>}
        {slot.private && sees && <Eye title={slot.title} value={value} unmask={unmask} />}
      </dd>
    </div>
  )
}

function Form({ conversation, mine }: { conversation: Conversation; mine: boolean }) {
  const box = useRef<HTMLElement>(null)
  useShortcut('KeyI', () => box.current?.querySelector<HTMLElement>('input, select')?.focus())
  return (
    <section aria-label={t('form')} ref={box}>
      <h2>{conversation.form_title || t('form')} <Key letter="I" /></h2>
      {conversation.form.map((field) => {
        const fill = (value: string) => ask('Fill', { conversation: conversation.id, values: { [field.name]: value } })
        return field.private
          ? <PrivateField key={field.name} field={field} of={{ conversation: conversation.id }} mine={mine} sees={mine} fill={fill} />
          : <FormField key={field.name} field={field} disabled={!mine} fill={fill} />
      })}
    </section>
  )
}

interface PrivateFieldProps {
  field: Field
  of: Whose
  /** This person may fill it in. */
  mine: boolean
  /** This person may be shown the whole. */
  sees: boolean
  fill: (value: string) => Promise<Answer>
}
/** What is known of it stands masked in its place; what is typed takes that place. */
export function PrivateField({ field, of, mine, sees, fill }: PrivateFieldProps) {
  const [value, unmask] = useUnmasked(of, field.name)
  return (
    <div className="private">
      <FormField field={{ ...field, value: '' }} known={value ?? field.value ?? ''} disabled={!mine} fill={fill} />
      {field.value && sees && <Eye title={field.title} value={value} unmask={unmask} />}
    </div>
  )
}

interface FormFieldProps {
  field: Field
  /** Shown in its place while nothing is typed. */
  known?: string
  disabled: boolean
  fill: (value: string) => Promise<Answer>
}
export function FormField({ field, known, disabled, fill }: FormFieldProps) {
  const kept = field.value ?? ''
  const [value, setValue] = useState(kept)
  const [state, setState] = useState('')
  const [base, setBase] = useState(kept)
  const [refused, setRefused] = useState<string | null>(null)
  if (kept !== base) {
    setBase(kept)
    setValue(kept)
  }
  const save = async (next: string) => {
    if (next === refused) return
    if (next === kept) return setState('')
    setState('saving')
    const answer = await fill(next)
    setRefused(answer.ok ? null : next)
    setState(answer.ok ? 'saved' : answer.text || t('refused'))
  }
  // left by a shortcut, or because another conversation is looked at: the browser tells nothing of it
  const left = useEffectEvent(() => void save(value))
  useEffect(() => () => left(), [])
  const bad = state !== '' && state !== 'saving' && state !== 'saved'
  const common = { disabled, required: (field.required ?? false) && !known, 'aria-invalid': bad }
  const numbers = /integer|number|money|percent|amount/.test(field.type)
  return (
    <label className="field">
      <span>
        {field.title}
        {field.required && <em title={t('required')}> *</em>}
        <small role="status" className={bad ? 'error' : ''}>{state === 'saving' ? t('saving') : state === 'saved' ? t('saved') : state}</small>
      </span>
      {field.choices?.length ? (
        <select {...common} value={value} onChange={(event) => { setValue(event.target.value); void save(event.target.value) }}>
          <option value="">{t('choose')}</option>
          {field.choices.map((choice) => <option key={choice}>{choice}</option>)}
        </select>
      ) : (
        <input
          {...common}
          value={value}
          placeholder={known}
          maxLength={500}
          inputMode={field.type.includes('phone') || field.type.includes('mobile') ? 'tel' : numbers ? 'decimal' : 'text'}
          autoComplete="off"
          onChange={(event) => setValue(event.target.value)}
          onBlur={() => void save(value)}
          onKeyDown={(event) => { if (event.key === 'Enter' && !event.nativeEvent.isComposing) void save(value) }}
        />
      )}
    </label>
  )
}

/** Notes are added, one after the other; what was noted stays. */
function Note({ conversation }: { conversation: Conversation }) {
  const text = useDraft(conversation.id, 'note')
  const [busy, setBusy] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  useShortcut('KeyN', () => box.current?.focus())
  const add = async () => {
    if (!text.trim() || busy) return
    setBusy(true)
    const answer = await act('Note', { conversation: conversation.id, text: text.trim() })
    setBusy(false)
    if (answer.ok) write(conversation.id, '', 'note')
  }
  return (
    <section aria-label={t('note')}>
      <h2>{t('note')} <Key letter="N" /></h2>
      {conversation.note && <ul className="noted">{conversation.note.split('\n').map((line, n) => <li key={n}>{line}</li>)}</ul>}
      <div className="find">
        <textarea
          ref={box}
          rows={1}
          value={text}
          maxLength={4000}
          placeholder={t('note_hint')}
          aria-label={t('note')}
          onChange={(event) => write(conversation.id, event.target.value, 'note')}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            void add()
          }}
        />
        <button disabled={!text.trim() || busy} onClick={() => void add()}>{t('add')}</button>
      </div>
    </section>
  )
}

function Knowledge({ conversation }: { conversation: Conversation }) {
  const [found, setFound] = useState<[string, string][] | null>(null)
  const [where, setWhere] = useState<'knowledge' | 'cases'>('knowledge')
  const box = useRef<HTMLInputElement>(null)
  useShortcut('KeyK', () => box.current?.focus())
  const search = async () => {
    const text = box.current?.value.trim()
    if (!text) return
    const answer = await act('Find', { conversation: conversation.id, text, where })
    if (answer.ok) setFound(Object.entries(answer.values ?? {}).map(([name, value]) => [name, shown(value)]))
  }
  return (
    <section aria-label={t('knowledge')}>
      <h2>{t('knowledge')} <Key letter="K" /></h2>
      <div className="segments" role="group" aria-label={t('search')}>
        {(['knowledge', 'cases'] as const).map((name) => (
          <button key={name} aria-pressed={where === name} onClick={() => { setWhere(name); box.current?.focus() }}>{t(name)}</button>
        ))}
      </div>
      <form className="find" role="search" onSubmit={(event) => { event.preventDefault(); void search() }}>
        <input ref={box} type="search" maxLength={200} placeholder={t('search_hint')} aria-label={t('search_hint')} />
        <button className="icon" aria-label={t('search')}><Icon name="search" /></button>
      </form>
      <ul className="found" aria-live="polite">
        {found?.map(([name, text]) => <li key={name}><b>{name}</b><p>{text}</p></li>)}
        {found?.length === 0 && <li className="quiet">{t('nothing_found')}</li>}
      </ul>
    </section>
  )
}
