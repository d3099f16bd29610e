import { AppError } from '../errors.ts'
import { type OutgoingRecord, sizeOf } from '../kafka/records.ts'
import type { Attempt } from './attempt.ts'
import { deadLetterRecord } from './dead-letters.ts'
import type { Outcome } from './handler.ts'
import { nextDue } from './retry-policy.ts'
import { toRetryRecord } from './retry-record.ts'

/** The code of a letter whose value is not with it. */
export const recordTooLarge = 'record_too_large'

/** What an outcome comes to: nothing more to do, another attempt, or a dead letter. */
export type Settlement =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'retry'
      readonly dueAt: Date
      readonly error: AppError
      readonly record: OutgoingRecord
    }
  | { readonly kind: 'dead-letter'; readonly error: AppError; readonly record: OutgoingRecord }

/** The one place that acts on outcomes: it says which record has to be stored before the offset may move. */
export function settle(group: string, attempt: Attempt, outcome: Outcome, now: Date): Settlement {
  switch (outcome.verdict) {
    case 'ok':
      return { kind: 'done' }
    case 'dead-letter':
      return deadLetter(group, attempt, outcome.error, now)
    case 'retry': {
      const { number } = attempt
      const firstFailedAt = attempt.firstFailedAt ?? now
      const dueAt = nextDue({ attempt: number, firstFailedAt, now, afterMs: outcome.afterMs })
      if (!dueAt) return deadLetter(group, attempt, spent(outcome.error), now)
      const next = { ...attempt, number: number + 1, firstFailedAt }
      return {
        kind: 'retry',
        dueAt,
        error: outcome.error,
        record: toRetryRecord({ group, attempt: next, dueAt }),
      }
    }
    default:
      return outcome satisfies never
  }
}

function deadLetter(group: string, attempt: Attempt, error: AppError, now: Date): Settlement {
  const { record, number: attempts, firstFailedAt } = attempt
  const letter = { record, error, attempts, firstFailedAt: firstFailedAt ?? now, failedAt: now }
  return { kind: 'dead-letter', error, record: deadLetterRecord(group, letter) }
}

/** Without its value, a record whose key and headers take more than this is left without them too. */
const mostBesideValue = 64 * 1024

/**
 * In place of a retry or a dead letter that is larger than its topic takes: a letter without the value, which says
 * where the record itself lies until its own topic forgets it. Null for what is such a letter already.
 */
export function withoutValue(
  group: string,
  attempt: Attempt,
  settlement: Settlement,
  now: Date,
): { readonly outcome: Outcome; readonly settlement: Settlement } | null {
  if (settlement.kind === 'done' || settlement.error.code === recordTooLarge) return null
  const { topic } = settlement.record
  const { code, message } = settlement.error
  const reason = `too large for ${topic}, so its value is left where it came from; it failed with ${code}: ${message}`
  const error = new AppError(recordTooLarge, 'fatal', reason, { cause: settlement.error })
  const { key, headers } = attempt.record
  const isSmall = sizeOf({ key, value: null, headers }) <= mostBesideValue
  const record = { ...attempt.record, value: null, ...(isSmall ? {} : { key: null, headers: [] }) }
  return {
    outcome: { verdict: 'dead-letter', error },
    settlement: deadLetter(group, { ...attempt, record }, error, now),
  }
}

function spent(error: AppError): AppError {
  return new AppError(error.code, 'fatal', `${error.message}; its attempts are spent`, { cause: error })
}
