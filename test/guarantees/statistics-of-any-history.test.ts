// Whatever is written, changed and deleted over HTTP: the statistics, the series and the lists that the API answers
// are what a recount of its own answers gives. With the real relay and workers, by way of Kafka and the cache.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import { startTestApi, type TestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { prepareParts } from '../support/prepare.ts'
import { type ServiceProcess, startService } from '../support/service-process.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'

let api: TestApi
let services: ServiceProcess[] = []

before(async () => {
  const environment = await createTestEnvironment()
  api = await startTestApi(environment)
  const { KAFKA_BROKERS, KAFKA_PREFIX: prefix } = environment
  const kafka = createKafka({ brokers: KAFKA_BROKERS.split(','), prefix, clientId: 'test', log: silent })
  await prepareParts(api.reads, kafka)
  services = await Promise.all(
    (['relay', 'analytics-worker', 'cache-worker'] as const).map((name) => startService(name, environment)),
  )
})

after(async () => {
  await Promise.all(services.map((service) => service.stop()))
  await api.stop()
})

const rating = fc.integer({ min: 2, max: 10 }).map((halves) => halves / 2)
interface Change {
  readonly review: number
  readonly rating?: number
  readonly title?: string
  readonly remove?: true
}

const act = fc.oneof(
  { weight: 3, arbitrary: fc.record({ create: rating, of: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ review: fc.nat(9), rating }) },
  { weight: 1, arbitrary: fc.record({ review: fc.nat(9), title: fc.constantFrom('a', 'b') }) },
  { weight: 1, arbitrary: fc.record({ review: fc.nat(9), remove: fc.constant(true as const) }) },
)
// Some reviews at once, then what happens to them, and again.
const histories = fc.array(fc.array(act, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 })

interface Written {
  readonly entity: string
  readonly id: string
  /** Null once it is deleted. */
  rating: number | null
  /** Of the last write. */
  token: string
}

test('statistics, series and lists equal a recount, at once for who sends the tokens of the writes', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (batches) => {
      const entities = [randomUUID(), `gid://shopify/Product/${randomUUID()}`]
      const reviews: Written[] = []
      for (const batch of batches) {
        const creations = batch.flatMap((what) => ('create' in what ? [what] : []))
        reviews.push(
          ...(await Promise.all(creations.map((what) => create(entities[what.of] ?? '', what.create)))),
        )
        // One after the other, since they may meet on a review: whose change is the last is then no matter of luck.
        for (const what of batch) if ('review' in what) await change(reviews, what)
      }
      for (const entity of entities)
        await recount(
          entity,
          reviews.filter((review) => review.entity === entity),
        )
    }),
    { numRuns: 25 },
  )
})

async function create(entity: string, rating: number): Promise<Written> {
  const about = { entity_type: 'product', entity_id: entity, user_id: randomUUID() }
  const answer = await api.post({ ...about, rating, content: 'x' })
  assert.equal(answer.statusCode, 201, answer.body)
  return { entity, id: answer.json().review_id, rating, token: String(answer.headers['consistency-token']) }
}

async function change(reviews: readonly Written[], what: Change): Promise<void> {
  const review = reviews[what.review % Math.max(reviews.length, 1)]
  if (!review) return
  const { remove, review: _, ...changes } = what
  const answer = remove ? await api.remove(review.id) : await api.put(review.id, changes)
  if (!remove && review.rating === null) return assert.equal(answer.statusCode, 410)
  assert.ok(answer.statusCode < 300, answer.body)
  review.token = String(answer.headers['consistency-token'])
  review.rating = remove ? null : (changes.rating ?? review.rating)
}

/** Reads what the API makes of these reviews of an entity, and counts for itself. */
async function recount(entity: string, reviews: readonly Written[]): Promise<void> {
  const url = `/api/v1/entities/product/${encodeURIComponent(entity)}`
  const live = reviews.filter(({ rating }) => rating !== null)
  const ratings = live.map(({ rating }) => rating ?? 0)
  // A token names one write. Where half a second is too short for this machine, the answer says so.
  for (const { token } of reviews) {
    await until('the statistics hold the write', async () => {
      const { headers } = await api.app.inject({
        url: `${url}/stats`,
        headers: { 'consistency-token': token },
      })
      return headers['consistency-status'] === undefined
    })
  }
  const { count, average, histogram } = (await api.app.inject(`${url}/stats`)).json()
  assert.equal(count, ratings.length)
  assert.equal(average, mean(ratings))
  for (const [stars, many] of Object.entries(histogram)) {
    assert.equal(many, ratings.filter((rating) => rating === Number(stars)).length, stars)
  }
  const { items } = (await api.app.inject(`${url}/timeseries`)).json()
  const ofDays = items.reduce((sum: number, day: { count: number }) => sum + day.count, 0)
  assert.equal(ofDays, ratings.length)

  const token = reviews.at(-1)?.token
  const headers: Record<string, string> = token === undefined ? {} : { 'consistency-token': token }
  const list = await api.list({ entity_type: 'product', entity_id: entity, limit: '100' }, headers)
  const listed = list.json().items.map((item: { review_id: string }) => item.review_id)
  assert.deepEqual(listed.toSorted(), live.map(({ id }) => id).toSorted())
}

/** To two decimals. */
function mean(ratings: readonly number[]): number {
  if (ratings.length === 0) return 0
  return Math.round((ratings.reduce((sum, one) => sum + one, 0) / ratings.length) * 100) / 100
}
