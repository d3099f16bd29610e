import { replayOf } from '../../contracts/headers.ts'
import { headerText } from '../../platform/kafka/records.ts'
import type { Result } from '../../platform/messaging/pipeline.ts'
import type { Queryable } from '../../platform/postgres/pool.ts'
import { resolveLetters } from './letters.ts'

/** Notes which replayed letters their handler has dealt with; those that fail again come back as dead letters. */
export function replayOutcomes(db: Queryable): (results: readonly Result[]) => Promise<void> {
  return (results) => resolveLetters(db, results.flatMap(resolvedLetter))
}

function resolvedLetter({ attempt, outcome }: Result): number[] {
  if (!attempt.isReplay || outcome.verdict !== 'ok') return []
  const id = headerText(attempt.record.headers, replayOf)
  return id !== null && /^\d{1,15}$/.test(id) ? [Number(id)] : []
}
