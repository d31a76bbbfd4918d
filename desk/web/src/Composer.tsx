import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'

import { draft, useDraft, write } from './drafts'
import { useShortcut } from './hooks'
import { Key } from './Key'
import { useStore } from './store'
import type { Conversation, Phrase, Suggestion } from './views'
import { t } from './words'
import { WriteBox } from './Write'

/** Put words back into the box of a conversation, in front of what is being written there. */
export function rewrite(conversation: string, text: string): void {
  const written = draft(conversation)
  write(conversation, written.trim() ? `${text}\n${written}` : text)
}

export function Composer({ conversation }: { conversation: Conversation }) {
  const { id } = conversation
  const text = useDraft(id)
  const [at, setAt] = useState(0)
  const box = useRef<HTMLTextAreaElement>(null)
  const list = useId()
  const general = useStore((state) => state.phrases)
  const wanted = text.startsWith('/') && !text.includes('\n') ? text.slice(1).trim().toLowerCase() : null
  const phrases = wanted === null ? [] : matching([...canned(conversation.suggestions), ...general], wanted)

  const chosen = phrases[Math.min(at, phrases.length - 1)]
  const insert = (next: string) => {
    write(id, next)
    setAt(0)
    box.current?.focus()
  }
  const suggestions = conversation.suggestions.filter((item) => item.kind !== 'canned').slice(0, 3)
  const suggest = (n: number) => {
    const found = suggestions[n]
    // what has been written stays: the suggestion goes behind it
    if (found) insert(text.trim() && wanted === null ? `${text.trimEnd()}\n${found.text}` : found.text)
  }
  useEffect(() => {
    // from the briefing, the list, or another conversation's box, straight to writing; no keyboard jumps up on a phone
    const from = document.activeElement
    const free = from === document.body || from?.matches('.list .item')
    if (free && matchMedia('(pointer: fine)').matches) box.current?.focus()
  }, [id])
  useShortcut('/', () => insert('/'))
  useShortcut('Digit1', () => suggest(0))
  useShortcut('Digit2', () => suggest(1))
  useShortcut('Digit3', () => suggest(2))

  const keys = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (phrases.length && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      setAt((phrases.indexOf(chosen as Phrase) + (event.key === 'ArrowDown' ? 1 : -1) + phrases.length) % phrases.length)
      return true
    }
    if (event.key === 'Enter' && !event.shiftKey && chosen) {
      insert(chosen.text)
      return true
    }
    if (event.key === 'Escape' && wanted !== null) {
      insert('')
      return true
    }
    return false
  }
  return (
    <section className="composer" aria-label={t('write_label')}>
      {suggestions.length > 0 && (
        <ul className="suggestions" aria-label={t('suggestions')}>
          {suggestions.map((item, n) => (
            <li key={item.text}>
              <button onClick={() => suggest(n)} title={item.source}>
                <kbd>Alt {n + 1}</kbd>
                <span>{item.text}</span>
                <small>{item.source}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
      {wanted !== null && (
        <ul className="phrases" role="listbox" id={list} aria-label={t('phrases')}>
          {phrases.map((phrase, n) => (
            <li key={`${phrase.name} ${phrase.text}`} id={`${list}-${n}`} role="option" aria-selected={phrase === chosen} onMouseDown={(event) => { event.preventDefault(); insert(phrase.text) }}>
              <b>{phrase.name}</b> {phrase.text}
            </li>
          ))}
          {!phrases.length && <li role="option" aria-selected={false} aria-disabled="true" className="quiet">{t('no_phrases')}</li>}
        </ul>
      )}
      <WriteBox
        conversation={id}
        to=""
        box={box}
        letter="R"
        label={t('write_label')}
        hint={t('write')}
        button={t('send')}
        held={wanted !== null}
        keys={keys}
        list={{
          'aria-autocomplete': 'list',
          ...(wanted !== null ? { 'aria-controls': list } : {}),
          ...(chosen ? { 'aria-activedescendant': `${list}-${phrases.indexOf(chosen)}` } : {}),
        }}
      >
        <Key letter="R" />
      </WriteBox>
    </section>
  )
}

function canned(suggestions: readonly Suggestion[]): Phrase[] {
  return suggestions.filter((item) => item.kind === 'canned').map((item) => ({ name: item.source, text: item.text }))
}

function matching(phrases: readonly Phrase[], wanted: string): Phrase[] {
  const found = phrases.filter((item) => `${item.name} ${item.text}`.toLowerCase().includes(wanted))
  return found.filter((item, n) => found.findIndex((other) => other.text === item.text) === n).slice(0, 8)
}
