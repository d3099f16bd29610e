import { createHash } from 'node:crypto'
import { AppError } from '../platform/errors.ts'
import type { Queryable } from '../platform/postgres/pool.ts'
import { purge } from '../platform/postgres/purge.ts'

/** A client's promise that requests with this key are one and the same. */
export interface Idempotency {
  readonly caller: string
  readonly key: string
  readonly requestHash: Buffer
}

/** What was answered first. */
export interface Remembered {
  readonly requestHash: Buffer
  readonly reviewId: string
  readonly position: number
  /** JSON text. */
  readonly response: string
}

export const keptForHours = 24

/** The same for bodies that mean the same. */
export function hashOfRequest(body: Readonly<Record<string, unknown>>): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest()
}

export async function findRemembered(
  db: Queryable,
  { caller, key }: Pick<Idempotency, 'caller' | 'key'>,
): Promise<Remembered | null> {
  const { rows } = await db.query<Remembered>({
    name: 'idempotency.find',
    text: `select request_hash as "requestHash", review_id as "reviewId", position, response
      from idempotency_keys where caller = $1 and key = $2 and expires_at > now()`,
    values: [caller, key],
  })
  return rows[0] ?? null
}

/** Deletes all keys that are past their time, some at once so that no statement runs long; gives how many. */
export function purgeExpiredKeys(db: Queryable): Promise<number> {
  return purge(
    db,
    `delete from idempotency_keys where (caller, key) in (
      select caller, key from idempotency_keys where expires_at <= now() order by expires_at limit $1
    )`,
  )
}

export function keyReused(): AppError {
  return new AppError('idempotency_key_reused', 'fatal', 'the Idempotency-Key came with another body before')
}

export function keyInProgress(): AppError {
  return new AppError(
    'idempotency_in_progress',
    'retryable',
    'a request with this Idempotency-Key is under way: send yours again in a moment, with the same key',
  )
}
