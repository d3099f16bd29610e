import type { IncomingRecord } from '../kafka/records.ts'

/** One try to bring a record to its effect. */
export interface Attempt {
  /** The record as it first came, also when it comes from `retry.queue`. */
  readonly record: IncomingRecord
  /** 1 for the first. */
  readonly number: number
  readonly firstFailedAt: Date | null
  /** Whether a dead letter was sent again: how old it is tells how long somebody thought about it. */
  readonly isReplay: boolean
}

export function firstAttempt(record: IncomingRecord): Attempt {
  return { record, number: 1, firstFailedAt: null, isReplay: false }
}
