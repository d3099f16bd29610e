import { prepare } from '../../src/ops/prepare.ts'
import type { Kafka } from '../../src/platform/kafka/kafka.ts'
import type { Pool } from '../../src/platform/postgres/pool.ts'

/** Database and topics, as the services want to find them, and without a word. */
export function prepareParts(pool: Pool, kafka: Kafka): Promise<void> {
  return prepare({ pool, kafka, replicationFactor: 3, actor: 'test', registry: null, say: () => undefined })
}
