import { AppError } from '../errors.ts'
import type { OutgoingRecord } from '../kafka/records.ts'
import type { Attempt } from './attempt.ts'
import { deadLetterRecord } from './dead-letters.ts'
import type { Outcome } from './handler.ts'
import { nextDue } from './retry-policy.ts'
import { toRetryRecord } from './retry-record.ts'

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
      const next = { record: attempt.record, number: number + 1, firstFailedAt }
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

function spent(error: AppError): AppError {
  return new AppError(error.code, 'fatal', `${error.message}; its attempts are spent`, { cause: error })
}
