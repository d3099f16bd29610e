import type { FastifyRequest } from 'fastify'
import { decodeConsistencyToken, type WriteMark } from '../consistency-token.ts'
import { invalid } from './problem.ts'

// Names of headers that this API adds to HTTP's own.
export const idempotencyKeyHeader = 'idempotency-key'
export const idempotentReplayedHeader = 'idempotent-replayed'
export const consistencyTokenHeader = 'consistency-token'
export const consistencyStatusHeader = 'consistency-status'

const keyForm = /^[\x21-\x7e]{1,255}$/

/** The `Idempotency-Key` of a request; null without one. @throws {Problem} `validation_failed` */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const key = request.headers[idempotencyKeyHeader]
  if (key === undefined) return null
  if (typeof key === 'string' && keyForm.test(key)) return key
  throw invalid([
    {
      in: 'header',
      pointer: `/${idempotencyKeyHeader}`,
      code: 'pattern',
      detail: 'must have 1 to 255 visible ASCII characters',
    },
  ])
}

/** The write that a reader wants to see; null without one. @throws {AppError} `invalid_consistency_token` */
export function wantedWriteOf(request: FastifyRequest): WriteMark | null {
  const token = request.headers[consistencyTokenHeader]
  return typeof token === 'string' ? decodeConsistencyToken(token) : null
}
