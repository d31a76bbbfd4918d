import { type SubmitEvent, useEffect, useState } from 'react'

import { type Result, signIn, signOut, unlock, ways } from './api'
import { field } from './hooks'
import { callers, useStore } from './store'
import { type Language, speak, t, useLanguage } from './words'

export function problem(result: Result): string {
  if (result.text) return result.text
  switch (result.code) {
    case 'refused':
      return t('err_refused')
    case 'too_many':
      return result.retry > 90 ? t('err_too_many_minutes', { n: Math.ceil(result.retry / 60) }) : t('err_too_many', { n: result.retry })
    case 'network':
      return t('err_network')
    default:
      return t('err_other')
  }
}

export function SignIn() {
  const language = useLanguage()
  const [ways_, setWays] = useState({ passwords: true, sso: '' })
  const [busy, setBusy] = useState(false)
  const sso = new URLSearchParams(location.search).get('sso')
  const [error, setError] = useState(sso ? t(sso === 'role' ? 'sso_role' : 'sso_failed') : '')
  useEffect(() => {
    void ways().then(setWays)
  }, [])
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    setBusy(true)
    const result = await signIn(field(data, 'user').trim(), field(data, 'password'))
    setBusy(false)
    setError(result.ok ? '' : problem(result))
  }
  return (
    <main className="door">
      <div className="card">
        <Brand />
        <h1>{t('title')}</h1>
        <p className="quiet">{t('welcome')}</p>
        {ways_.passwords && (
          <form onSubmit={submit}>
            <label>
              {t('user')}
              <input name="user" autoComplete="username" autoCapitalize="none" spellCheck={false} required autoFocus />
            </label>
            <label>
              {t('password')}
              <input name="password" type="password" autoComplete="current-password" required />
            </label>
            <button className="primary wide" disabled={busy}>{t(busy ? 'signing_in' : 'sign_in')}</button>
          </form>
        )}
        {ways_.sso && (
          <>
            {ways_.passwords && <p className="or"><span>{t('or')}</span></p>}
            <a className="button wide" href="/desk/api/oidc/start">{ways_.sso}</a>
          </>
        )}
        <p className="error" role="alert">{error}</p>
        <LanguageChoice language={language} />
      </div>
    </main>
  )
}

export function LanguageChoice({ language }: { language: Language }) {
  return (
    <div className="segments" role="group" aria-label={t('language')}>
      {(['zh-CN', 'en'] as const).map((name) => (
        <button key={name} type="button" lang={name} aria-pressed={language === name} onClick={() => speak(name)}>
          {name === 'en' ? 'English' : '中文'}
        </button>
      ))}
    </div>
  )
}

export function Brand() {
  return (
    <svg className="brand" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M8 9h16a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H8a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z" />
      <path className="word" d="M11 15h10" />
    </svg>
  )
}

export function Locked() {
  const me = useStore((state) => state.me)
  const [error, setError] = useState('')
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    const result = await unlock(field(new FormData(event.currentTarget), 'password'))
    setError(result.ok ? '' : problem(result))
  }
  return (
    <main className="door">
      <div className="card">
        <Brand />
        <h1>{t('locked')}</h1>
        <p className="quiet">{t('locked_why')}</p>
        {me?.outside ? (
          <a className="button primary wide" href="/desk/api/oidc/start">{t('sso_unlock')}</a>
        ) : (
          <form onSubmit={submit}>
            <label>
              {t('password')} · {me?.name}
              <input name="password" type="password" autoComplete="current-password" required autoFocus />
            </label>
            <button className="primary wide">{t('unlock')}</button>
          </form>
        )}
        <p className="error" role="alert">{error}</p>
        {callers() > 0 && <p className="quiet">{t('leave_callers', { n: callers() })}</p>}
        <button className="plain" onClick={() => void signOut()}>{t('sign_out')}</button>
      </div>
    </main>
  )
}
