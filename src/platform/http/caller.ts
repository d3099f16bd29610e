import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { AppError } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'

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

async function identityOf(request: FastifyRequest, verify: Verify): Promise<Identity | null> {
  const { authorization } = request.headers
  if (authorization === undefined) return null
  const [, credentials] = /^bearer +([^\s]+)$/i.exec(authorization.trim()) ?? []
  if (credentials === undefined) {
    throw new AppError('unauthenticated', 'fatal', 'the Authorization header has to be `Bearer` and a token')
  }
  return verify(credentials)
}
