import type { RecordOf } from '../ops/dead-letters/dry-run.ts'
import { indexDeadLetters } from '../ops/dead-letters/letter-index.ts'
import { letterSource, recordOfLetter } from '../ops/dead-letters/letter-source.ts'
import { readConfig } from '../platform/config.ts'
import type { Kafka } from '../platform/kafka/kafka.ts'
import { createPool, type Pool } from '../platform/postgres/pool.ts'
import { stackEnvironment } from './stack-environment.ts'
import { withKafka } from './with-kafka.ts'

export interface DeadLetters {
  readonly pool: Pool
  readonly kafka: Kafka
  readonly recordOf: RecordOf
}

/** The dead letters of the cluster and database that the environment names, or of the local stack, indexed to the end. */
export function withDeadLetters<T>(work: (letters: DeadLetters) => Promise<T>): Promise<T> {
  return withKafka(async (kafka) => {
    const { DATABASE_URL } = readConfig(['DATABASE_URL'], await stackEnvironment())
    const pool = createPool({ url: DATABASE_URL, size: 2, applicationName: 'thereview cli' })
    const reader = kafka.recordReader()
    try {
      await indexDeadLetters(pool, letterSource(reader))
      return await work({ pool, kafka, recordOf: recordOfLetter(reader) })
    } finally {
      await Promise.all([pool.end(), reader.close()])
    }
  })
}
