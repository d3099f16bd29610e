import { analyticsHandler } from '../../src/analytics/handler.ts'
import type { EventOf } from '../../src/contracts/event.ts'
import type { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { envelopeText, readAfter } from '../../src/platform/log/stored-event.ts'
import type { Pool } from '../../src/platform/postgres/pool.ts'
import type { FencedCache } from '../../src/platform/redis/fenced-cache.ts'
import { silent } from './silent.ts'

/** Brings the statistics up to the log's head, as the analytics worker does by way of Kafka. */
export async function projectLog(db: Pool, cache: FencedCache): Promise<void> {
  const stored = await readAfter(db, 0, 10_000)
  const reviews = stored.filter(({ aggregate_type }) => aggregate_type === 'Review')
  const deliveries = reviews.map((row) => ({
    event: JSON.parse(envelopeText(row)) as EventOf<typeof reviewCreated>,
    position: BigInt(row.position),
    traceparent: row.traceparent,
    attempt: 1,
  }))
  await analyticsHandler({ db, cache }).handle(deliveries, {
    log: silent,
    signal: new AbortController().signal,
  })
}
