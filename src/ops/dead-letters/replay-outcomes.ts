import { headerText } from '../../platform/kafka/records.ts'
import type { Result } from '../../platform/messaging/pipeline.ts'
import type { Queryable } from '../../platform/postgres/pool.ts'
import { replayOf } from './letter.ts'
import { resolveLetters } from './letters.ts'

/** Notes which replayed letters their handler has dealt with; those that fail again come back as dead letters. */
export function replayOutcomes(db: Queryable): (results: readonly Result[]) => Promise<void> {
  return (results) => resolveLetters(db, results.flatMap(resolvedLetter))
}

function resolvedLetter({ attempt, outcome }: Result): number[] {
  const id = outcome.verdict === 'ok' ? headerText(attempt.record.headers, replayOf) : null
  return id !== null && /^\d{1,15}$/.test(id) ? [Number(id)] : []
}
