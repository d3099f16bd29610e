/** Creates reviews as the API does, without its HTTP: `append.ts` starts it. */
import { randomUUID } from 'node:crypto'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { ReviewWriter } from '../../src/reviews/review-writer.ts'
import { answer } from '../driver/answer.ts'

export interface WriterPlan {
  readonly url: string
  readonly underWay: number
  readonly warmUpMs: number
  readonly measuredMs: number
}

export interface WriterResult {
  readonly written: number
  readonly batches: number
  readonly inBatches: number
  readonly batchSeconds: number
}

process.once('message', async (plan: WriterPlan) => answer(await run(plan)))

async function run({ url, underWay, warmUpMs, measuredMs }: WriterPlan): Promise<WriterResult> {
  const db = createPool({ url, size: 4, applicationName: 'bench writer' })
  const inserts = createPool({ url, size: 1, applicationName: 'bench writer', plansOnce: true })
  const from = performance.now() + warmUpMs
  const to = from + measuredMs
  const isMeasured = () => performance.now() >= from && performance.now() < to
  let [written, batches, inBatches, batchSeconds] = [0, 0, 0, 0]
  const writer = new ReviewWriter({
    db,
    inserts,
    now: () => new Date(),
    onBatch: (size, seconds) => {
      if (!isMeasured()) return
      batches += 1
      inBatches += size
      batchSeconds += seconds
    },
  })
  const run = randomUUID()
  let n = 0
  const one = async () => {
    while (performance.now() < to) {
      n += 1
      const traceId = n.toString(16).padStart(32, '0')
      await writer.create(
        {
          entity_type: 'product',
          entity_id: `product-${n % 200}`,
          user_id: `user-${run}-${n}`,
          rating: 4.5,
          title: null,
          content: 'This is an amazing product! Highly recommended.',
        },
        { by: `user-${run}-${n}`, idempotency: null },
        { correlationId: randomUUID(), traceId, traceparent: `00-${traceId}-00000000000000a1-00` },
      )
      if (isMeasured()) written += 1
    }
  }
  await Promise.all(Array.from({ length: underWay }, one))
  await Promise.all([db.end(), inserts.end()])
  return { written, batches, inBatches, batchSeconds }
}
