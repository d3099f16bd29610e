import { randomUUID } from 'node:crypto'
import type { Pool } from '../../src/platform/postgres/pool.ts'
import { hashOfRequest, type Idempotency } from '../../src/reviews/idempotency.ts'
import { create } from '../../src/reviews/review.ts'
import { toEvent } from '../../src/reviews/to-event.ts'
import { insertReviews } from '../../src/reviews/write-reviews.ts'
import { aReview } from './api.ts'

const origin = { correlationId: 'c', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', traceparent: 'none' }

/**
 * Writes a review with a key as another process does whose commit takes long; returns what commits it. The log is
 * held too meanwhile.
 */
export async function holdKey(
  db: Pool,
  { caller, key, body = {} }: Pick<Idempotency, 'caller' | 'key'> & { body?: Partial<typeof aReview> },
): Promise<() => Promise<void>> {
  const wanted = { ...aReview, title: null, ...body }
  const decision = create({ review_id: randomUUID(), ...wanted }, new Date().toISOString())
  const idempotency = { caller, key, requestHash: hashOfRequest(wanted) }
  const client = await db.connect()
  await client.query('begin')
  await insertReviews(client, [
    {
      review: decision.review,
      event: toEvent(decision, wanted.user_id, origin),
      idempotency,
      response: JSON.stringify(decision.review),
    },
  ])
  return async () => {
    await client.query('commit')
    client.release()
  }
}
