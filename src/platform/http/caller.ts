import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { AppError } from '../errors.ts'
import type { Identity, Role, Scope } from '../identity/identity.ts'

/** Who makes a request. Where the API is open, anybody: whoever calls acts as the author. */
export type Caller = { readonly kind: 'anybody' } | Identity

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until `identify` ran, and for one who gave no credentials. */
    caller: Caller | null
  }
}

/** Proves what an `Authorization: Bearer` carries. @throws {AppError} `unauthenticated`, `unavailable` */
export type Verify = (credentials: string) => Promise<Identity>

/**
 * Makes out who calls, before anything else of the request is looked at. Without `verify` the API is open.
 * Whoever gives no credentials has no caller: what needs one says so by `callerOf`.
 */
export function identifier(verify: Verify | null): onRequestAsyncHookHandler {
  return async (request) => {
    request.caller = verify ? await identityOf(request, verify) : { kind: 'anybody' }
  }
}

/** @throws {AppError} `unauthenticated` */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller) return request.caller
  throw new AppError('unauthenticated', 'fatal', 'this needs an Authorization header with a Bearer token')
}

/** For routes that nobody may use without credentials. */
export const requireCaller: onRequestAsyncHookHandler = async (request) => {
  callerOf(request)
}

/** For routes of operators, and of machines whose key may read metrics. */
export const requireOperator: onRequestAsyncHookHandler = async (request) => {
  const caller = callerOf(request)
  assertScope(caller, 'metrics:read')
  if (caller.kind === 'user' && !caller.roles.has('operator')) {
    throw forbidden('this is for operators')
  }
}

/**
 * An API key may do what its scopes say; of others this says nothing.
 * @throws {AppError} `forbidden`
 */
export function assertScope(caller: Caller, scope: Scope): void {
  if (caller.kind === 'api-key' && !caller.scopes.has(scope)) {
    throw forbidden(`the API key lacks the scope ${scope}`)
  }
}

export function hasRole(caller: Caller, ...roles: readonly Role[]): boolean {
  return caller.kind === 'user' && roles.some((role) => caller.roles.has(role))
}

export function forbidden(why: string): AppError {
  return new AppError('forbidden', 'fatal', why)
}

async function identityOf(request: FastifyRequest, verify: Verify): Promise<Identity | null> {
  const { authorization } = request.headers
  if (authorization === undefined) return null
  const [, credentials] = /^bearer +([^\s]+)$/i.exec(authorization.trim()) ?? []
  if (credentials === undefined) {
    throw new AppError('unauthenticated', 'fatal', 'the Authorization header has to be `Bearer` and a token')
  }
  return verify(credentials)
}
