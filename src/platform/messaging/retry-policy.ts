import { topics } from '../../contracts/topics.ts'
import { backoffMs } from './backoff.ts'

const backoff = { firstMs: 5_000, mostMs: 3_600_000 }
const maxAttempts = 14
/** The last attempt falls well before the topic would forget it. */
const withinMs = topics.retries.retentionMs - 15 * 60_000

export interface FailedAttempt {
  readonly attempt: number
  readonly firstFailedAt: Date
  readonly now: Date
  /** Not before so many milliseconds, where whoever refused has said so. */
  readonly afterMs?: number | undefined
}

/**
 * When to try again: after 5 s, doubling up to an hour, spread by jitter. Null when its attempts are spent, after 13
 * retries or six hours.
 */
export function nextDue(
  { attempt, firstFailedAt, now, afterMs = 0 }: FailedAttempt,
  random = Math.random,
): Date | null {
  if (attempt >= maxAttempts) return null
  const due = now.getTime() + Math.max(afterMs, backoffMs(attempt, backoff, random))
  return due > firstFailedAt.getTime() + withinMs ? null : new Date(due)
}
