import type { RecordOf } from '../ops/dead-letters/dry-run.ts'
import { indexDeadLetters } from '../ops/dead-letters/letter-index.ts'
import { letterSource, recordOfLetter } from '../ops/dead-letters/letter-source.ts'
import type { Kafka } from '../platform/kafka/kafka.ts'
import type { Pool } from '../platform/postgres/pool.ts'
import { withDatabase } from './with-database.ts'
import { withKafka } from './with-kafka.ts'

export interface DeadLetters {
  readonly pool: Pool
  readonly kafka: Kafka
  readonly recordOf: RecordOf
}

/** The dead letters of the cluster and database that the environment names, or of the local stack, indexed to the end. */
export function withDeadLetters<T>(work: (letters: DeadLetters) => Promise<T>): Promise<T> {
  return withKafka((kafka) =>
    withDatabase(async (pool) => {
      const reader = kafka.recordReader()
      try {
        await indexDeadLetters(pool, letterSource(reader))
        return await work({ pool, kafka, recordOf: recordOfLetter(reader) })
      } finally {
        await reader.close()
      }
    }),
  )
}
