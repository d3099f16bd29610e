import { assertScope, type Caller, forbidden, hasRole } from '../platform/http/caller.ts'

/**
 * Users manage themselves; administrators, and servers whose key may, manage everyone.
 * @returns the user who acts: a server does it in the user's name
 * @throws {AppError} `forbidden`, the same whether there is such a user or not
 */
export function actingUser(caller: Caller, userId: string): string {
  assertScope(caller, 'users:write')
  if (caller.kind !== 'user') return userId
  if (caller.subject === userId || hasRole(caller, 'admin')) return caller.subject
  throw forbidden('this is for the user and for administrators')
}
