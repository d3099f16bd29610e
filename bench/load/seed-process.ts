/** Stores reviews through the product's own write side, without HTTP: `seed.ts` starts it. */
import { randomBytes } from 'node:crypto'
import { plannedReview } from '../../src/ops/load-plan.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { ReviewWriter } from '../../src/reviews/review-writer.ts'
import { answer } from '../driver/answer.ts'

export interface SeedPlan {
  readonly url: string
  readonly runId: string
  readonly entities: number
  readonly reviews: number
}

const atOnce = 512

process.once('message', async (plan: SeedPlan) => answer(await seed(plan)))

async function seed({ url, runId, entities, reviews }: SeedPlan): Promise<{ readonly stored: number }> {
  const db = createPool({ url, size: 4, applicationName: 'bench-seed' })
  const inserts = createPool({ url, size: 1, applicationName: 'bench-seed', plansOnce: true })
  const writer = new ReviewWriter({ db, inserts, now: () => new Date() })
  let next = 0
  const write = async () => {
    for (let n = next++; n < reviews; n = next++) {
      const review = { title: null, ...plannedReview(runId, entities, n) }
      await writer.create(review, { by: review.user_id, idempotency: null }, newOrigin())
    }
  }
  await Promise.all(Array.from({ length: atOnce }, write))
  await Promise.all([db.end(), inserts.end()])
  return { stored: reviews }
}

/** As that of a request of which no trace is recorded. */
function newOrigin() {
  const traceId = randomBytes(16).toString('hex')
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-00`
  return { correlationId: traceId, traceId, traceparent }
}
