import { AppError } from './errors.ts'
import { mostInteger } from './postgres/integer.ts'

/** A write, as what is read later is compared with it: the aggregate's version, and its event's position. */
export interface WriteMark {
  readonly aggregateId: string
  readonly version: number
  readonly position: number
}

/** Opaque to clients. */
export function encodeConsistencyToken({ aggregateId, version, position }: WriteMark): string {
  return Buffer.from(JSON.stringify([aggregateId, version, position])).toString('base64url')
}

/** @throws {AppError} `invalid_consistency_token` for what was never given out */
export function decodeConsistencyToken(token: string): WriteMark {
  const [aggregateId, version, position] = parse(token)
  if (typeof aggregateId !== 'string' || !isVersion(version) || !isCount(position)) {
    throw new AppError('invalid_consistency_token', 'fatal', 'the Consistency-Token is not one of this API')
  }
  return { aggregateId, version, position }
}

function parse(token: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}

/** As the log's column has it. */
function isVersion(value: unknown): value is number {
  return isCount(value) && value >= 1 && value <= mostInteger
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
