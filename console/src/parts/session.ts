import { createContext, useContext } from 'react'
import type { ConsoleRole, Session } from '../../../src/ops/contract/session.ts'

const roles: readonly ConsoleRole[] = ['viewer', 'operator', 'admin']

export const SessionContext = createContext<Session | null>(null)

export function useSessionOfPage(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('pages are inside a session')
  return session
}

/** Whether the caller may do what needs a role; the service asks again. */
export function useMay(wanted: ConsoleRole): boolean {
  const { role } = useSessionOfPage()
  return roles.indexOf(role) >= roles.indexOf(wanted)
}
