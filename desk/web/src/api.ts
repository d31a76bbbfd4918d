// Signing in and what goes with it, over plain HTTP.

import { hide } from './drafts'
import { set } from './store'
import { connect, disconnect } from './wire'

let csrf = ''

export interface Result {
  ok: boolean
  code: string
  text: string
  retry: number
}

async function post(path: string, data: object): Promise<Result> {
  try {
    const response = await fetch(`/desk/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
      body: JSON.stringify(data),
    })
    const body = (await response.json()) as { ok: boolean; code?: string; text?: string }
    const retry = Number(response.headers.get('retry-after') ?? 0)
    return { ok: body.ok, code: body.code ?? '', text: body.text ?? '', retry }
  } catch {
    return { ok: false, code: 'network', text: '', retry: 0 }
  }
}

async function look(): Promise<void> {
  try {
    const response = await fetch('/desk/api/me')
    if (!response.ok) {
      disconnect()
      return set({ phase: 'out' })
    }
    const data = (await response.json()) as { csrf: string; locked: boolean }
    csrf = data.csrf
    set({ locked: data.locked })
    if (data.locked) hide(true)
    connect()
  } catch {
    setTimeout(look, 2000)
  }
}

export const begin = look

export async function signIn(user: string, password: string): Promise<Result> {
  const result = await post('sign-in', { user, password })
  if (result.ok) await look()
  return result
}

export async function signOut(): Promise<void> {
  await post('sign-out', {})
  disconnect()
  set({ phase: 'out' })
}

export function unlock(password: string): Promise<Result> {
  return post('unlock', { password })
}

export async function changePassword(old: string, next: string): Promise<Result> {
  const result = await post('password', { old, new: next })
  if (result.ok) {
    disconnect()
    await look()
  }
  return result
}

export async function ways(): Promise<{ passwords: boolean; sso: string }> {
  try {
    return (await (await fetch('/desk/api/settings')).json()) as { passwords: boolean; sso: string }
  } catch {
    return { passwords: true, sso: '' }
  }
}

/** All tickets as a file on this machine. whole: with private values, which goes on record. */
export async function exportTickets(form: string, whole: boolean): Promise<Result> {
  try {
    const response = await fetch(`/desk/api/tickets?${new URLSearchParams({ form, private: whole ? '1' : '' })}`)
    if (!response.ok) {
      const { code } = (await response.json()) as { code: string }
      return { ok: false, code, text: '', retry: 0 }
    }
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await response.blob())
    link.download = `tickets.${form}`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    return { ok: true, code: '', text: '', retry: 0 }
  } catch {
    return { ok: false, code: 'network', text: '', retry: 0 }
  }
}

export interface Act {
  n: number
  at: number
  user: string
  role: string
  where: string
  what: string
  about: string
  detail: string
  outcome: string
}
export async function audit(user: string, about: string): Promise<Act[]> {
  const query = new URLSearchParams({ user, about })
  const response = await fetch(`/desk/api/audit?${query}`)
  return response.ok ? ((await response.json()) as Act[]) : []
}
