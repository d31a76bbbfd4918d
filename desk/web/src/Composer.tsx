import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'

import { useShortcut } from './hooks'
import { Icon } from './Icon'
import { Key } from './Key'
import { drafts, useStore } from './store'
import type { Conversation, Phrase, Suggestion } from './views'
import { say } from './wire'
import { t } from './words'

const LONGEST = 4000
const boxes = new Map<string, (text: string) => void>()

/** Put words back into the box of a conversation, in front of what is being written there. */
export function rewrite(conversation: string, text: string): void {
  boxes.get(conversation)?.(text)
}

export function Composer({ conversation }: { conversation: Conversation }) {
  const { id } = conversation
  const [text, setText] = useState(() => drafts.get(id) ?? '')
  const [at, setAt] = useState(0)
  const box = useRef<HTMLTextAreaElement>(null)
  const list = useId()
  const general = useStore((state) => state.phrases)
  const wanted = text.startsWith('/') && !text.includes('\n') ? text.slice(1).trim().toLowerCase() : null
  const phrases = wanted === null ? [] : matching([...canned(conversation.suggestions), ...general], wanted)

  const write = (next: string) => {
    drafts.set(id, next)
    setText(next)
    setAt(0)
  }
  const insert = (next: string) => {
    write(next)
    box.current?.focus()
  }
  const send = () => {
    const words = text.trim()
    if (!words || wanted !== null) return
    write('')
    void say(id, words)
  }
  const suggestions = conversation.suggestions.filter((item) => item.kind !== 'canned').slice(0, 3)
  const suggest = (n: number) => {
    const found = suggestions[n]
    // what has been written stays: the suggestion goes behind it
    if (found) insert(text.trim() && wanted === null ? `${text.trimEnd()}\n${found.text}` : found.text)
  }
  useEffect(() => {
    boxes.set(id, (words) => insert(text.trim() ? `${words}\n${text}` : words))
  })
  useEffect(() => {
    // from the briefing, or from another conversation's box, straight to writing; no keyboard jumps up on a phone
    if (document.activeElement === document.body && matchMedia('(pointer: fine)').matches) box.current?.focus()
    return () => void boxes.delete(id)
  }, [id])
  useShortcut('/', () => insert('/'))
  useShortcut('KeyR', () => box.current?.focus())
  useShortcut('Digit1', () => suggest(0))
  useShortcut('Digit2', () => suggest(1))
  useShortcut('Digit3', () => suggest(2))
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${Math.min(element.scrollHeight + 2, 160)}px`
  }, [text])

  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    if (phrases.length && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault()
      setAt((at + (event.key === 'ArrowDown' ? 1 : -1) + phrases.length) % phrases.length)
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      const chosen = phrases[at]
      if (chosen) insert(chosen.text)
      else send()
    } else if (event.key === 'Escape' && wanted !== null) {
      write('')
    }
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
            <li key={`${phrase.name} ${phrase.text}`} id={`${list}-${n}`} role="option" aria-selected={n === at} onMouseDown={(event) => { event.preventDefault(); insert(phrase.text) }}>
              <b>{phrase.name}</b> {phrase.text}
            </li>
          ))}
          {!phrases.length && <li role="option" aria-selected={false} aria-disabled="true" className="quiet">{t('no_phrases')}</li>}
        </ul>
      )}
      <div className="write">
        <textarea
          ref={box}
          rows={1}
          value={text}
          maxLength={LONGEST}
          placeholder={t('write')}
          aria-label={t('write_label')}
          aria-controls={wanted !== null ? list : undefined}
          aria-keyshortcuts="Alt+R"
          aria-autocomplete="list"
          aria-activedescendant={phrases.length ? `${list}-${at}` : undefined}
          onChange={(event) => write(event.target.value)}
          onKeyDown={keys}
        />
        <Key letter="R" />
        <button className="primary send" disabled={!text.trim() || wanted !== null} onClick={send} aria-label={t('send')}><Icon name="send" /></button>
      </div>
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
