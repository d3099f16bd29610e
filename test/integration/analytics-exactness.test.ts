import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { analyticsHandler } from '../../src/analytics/handler.ts'
import { isRetryable } from '../../src/platform/errors.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import type { FencedCache } from '../../src/platform/redis/fenced-cache.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { appendToLog, newReview, type ReviewDelivery, reviewEvent } from '../support/review-events.ts'
import { historiesOfReviews } from '../support/review-histories.ts'
import { assertStatistics, recount } from '../support/statistics-recount.ts'

let db: Pool
const context = {
  log: createLogger({ service: 'test', level: 'silent', format: 'json' }),
  signal: new AbortController().signal,
}
/** Fences are another test's matter. */
const unfenced: FencedCache = { fence: async () => undefined, read: () => assert.fail() }

before(async () => {
  const { DATABASE_URL } = await createTestEnvironment()
  db = createPool({ url: DATABASE_URL, size: 10, applicationName: 'test' })
})

after(() => db.end())

const empty = () => db.query('truncate analytics.reviews, analytics.entity_stats, analytics.entity_days')

/** As the runtime does: what fails for now (two workers in a ring of locks) is tried again. */
async function handle(batch: readonly ReviewDelivery[]) {
  const handler = analyticsHandler({ db, cache: unfenced })
  for (;;) {
    try {
      return await handler.handle(batch, context)
    } catch (error) {
      if (!isRetryable(error)) throw error
    }
  }
}

/** How the events come: which are lost, repeated, and in what batches, to how many workers at once. */
const ways = fc.record({
  order: fc.infiniteStream(fc.nat(1_000_000)),
  lost: fc.infiniteStream(fc.nat(4)),
  batchSize: fc.integer({ min: 1, max: 12 }),
  workers: fc.integer({ min: 1, max: 3 }),
})

test('however events repeat, swap, get lost before later ones and meet two workers, statistics equal a recount', async () => {
  await fc.assert(
    fc.asyncProperty(historiesOfReviews, ways, async (histories, way) => {
      await empty()
      const all = await appendToLog(db, histories.flat())
      const last = new Map(all.map((delivery) => [delivery.event.aggregate_id, delivery]))
      const isLast = (delivery: ReviewDelivery) => last.get(delivery.event.aggregate_id) === delivery
      // Each version may come not at all, once or more often, anywhere; the last of each review does come.
      const delivered = [...all, ...all]
        .filter((delivery) => isLast(delivery) || way.lost.next().value !== 0)
        .map((delivery) => ({ delivery, key: way.order.next().value }))
        .sort((one, other) => one.key - other.key)
        .map(({ delivery }) => delivery)
      const batches = Array.from({ length: Math.ceil(delivered.length / way.batchSize) }, (_, i) =>
        delivered.slice(i * way.batchSize, (i + 1) * way.batchSize),
      )

      const work = async () => {
        for (let batch = batches.shift(); batch; batch = batches.shift()) {
          const outcomes = await handle(batch)
          assert.ok(outcomes.every(({ verdict }) => verdict === 'ok'))
        }
      }
      await Promise.all(Array.from({ length: way.workers }, work))
      await assertStatistics(db, recount(all))
    }),
    { numRuns: 60 },
  )
})

test('workers that get the same events at once count each once, and none waits for another for ever', async () => {
  await empty()
  const histories = Array.from({ length: 60 }, (_, i) => {
    const review = newReview(`e${i % 7}`)
    return [reviewEvent(review, 1, { created: 4 }), reviewEvent(review, 2, { rated: 1.5 })]
  })
  const all = await appendToLog(db, histories.flat())
  const worker = async (nth: number) => {
    const turned = [...all.slice(nth * 31), ...all.slice(0, nth * 31)]
    for (let begin = 0; begin < turned.length; begin += 40) await handle(turned.slice(begin, begin + 40))
  }
  await Promise.all([0, 1, 2, 3].map(worker))
  await assertStatistics(db, recount(all))
})
