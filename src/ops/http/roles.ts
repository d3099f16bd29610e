import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { AppError } from '../../platform/errors.ts'
import { type Caller, callerOf } from '../../platform/http/caller.ts'
import { type ConsoleRole, consoleRoles } from '../contract/session.ts'

/** What a caller may do here, from the roles of the API's tokens; null: nothing. */
export function consoleRoleOf(caller: Caller): ConsoleRole | null {
  if (caller.kind === 'anybody') return 'admin'
  // A server's key opens nothing here: acts are people's.
  if (caller.kind === 'api-key') return null
  if (caller.roles.has('admin')) return 'admin'
  if (caller.roles.has('operator')) return 'operator'
  return caller.roles.has('moderator') ? 'viewer' : null
}

/** For the audit: who did it. */
export function actorOf(request: FastifyRequest): string {
  const caller = callerOf(request)
  return caller.kind === 'anybody' ? 'local' : caller.subject
}

/** @throws {AppError} `unauthenticated`, or `forbidden` naming the role that is wanted */
export function requireRole(wanted: ConsoleRole): onRequestAsyncHookHandler {
  return async (request) => {
    const role = consoleRoleOf(callerOf(request))
    if (role !== null && consoleRoles.indexOf(role) >= consoleRoles.indexOf(wanted)) return
    throw new AppError('forbidden', 'fatal', `this needs the role ${tokenRoleOf[wanted]} in the token`)
  }
}

const tokenRoleOf: Readonly<Record<ConsoleRole, string>> = {
  viewer: 'moderator, operator or admin',
  operator: 'operator or admin',
  admin: 'admin',
}
