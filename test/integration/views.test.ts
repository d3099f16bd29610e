// From the request to the count by day: the API, Kafka and the analytics worker as they run.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Registry } from 'prom-client'
import { viewMetrics } from '../../src/analytics/view-metrics.ts'
import { ViewQueue } from '../../src/analytics/view-queue.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import type { Producer } from '../../src/platform/kafka/producer.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { aReview, startTestApi, type TestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { prepareParts } from '../support/prepare.ts'
import { type ServiceProcess, startService } from '../support/service-process.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'

const today = new Date().toISOString().slice(0, 10)

let api: TestApi
let producer: Producer
let worker: ServiceProcess

before(async () => {
  const environment = await createTestEnvironment()
  const kafka = createKafka({
    brokers: environment.KAFKA_BROKERS.split(','),
    prefix: environment.KAFKA_PREFIX,
    clientId: 'test',
    log: silent,
  })
  const pool = createPool({ url: environment.DATABASE_URL, size: 2, applicationName: 'test' })
  await prepareParts(pool, kafka)
  await pool.end()
  producer = kafka.producer({ deliveryTimeoutMs: 5_000 })
  const views = new ViewQueue({ producer, metrics: viewMetrics(new Registry()), log: silent })
  api = await startTestApi(environment, { views })
  worker = await startService('analytics-worker', environment)
})

after(async () => {
  worker.child.kill('SIGKILL')
  await api.stop()
  await producer.close()
})

const view = { type: 'review.viewed.v1', entity_type: 'product', entity_id: 'gid://shop/Product/ünï:☕' }
const report = (items: unknown, to: TestApi = api) =>
  to.app.inject({ method: 'POST', url: '/api/v1/analytics/events', payload: { items } })

/** Of today, and of tomorrow if the day ends meanwhile. */
async function viewsSinceToday(entityId: string): Promise<number> {
  const url = `/api/v1/entities/product/${encodeURIComponent(entityId)}/timeseries?from=${today}`
  const { items }: { items: { views: number }[] } = (await api.app.inject(url)).json()
  return items.reduce((sum, { views }) => sum + views, 0)
}

test('views of a hundred things at once are counted by thing and day, beside the reviews', async () => {
  const seen = [
    ...Array.from({ length: 60 }, () => view),
    ...Array.from({ length: 30 }, () => ({ ...view, type: 'stats.viewed', source: 'app' })),
    ...Array.from({ length: 10 }, () => ({
      ...view,
      entity_id: 'other',
      review_id: '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c',
    })),
  ]
  const answer = await report(seen)
  assert.equal(answer.statusCode, 202, answer.body)
  assert.deepEqual(answer.json(), { accepted: 100 })
  await until('the views are counted', async () => (await viewsSinceToday(view.entity_id)) === 90)
  await until('the others too', async () => (await viewsSinceToday('other')) === 10)
})

const refused: [what: string, items: unknown, pointer: string][] = [
  ['no list', view, '/items'],
  ['more than a hundred', Array.from({ length: 101 }, () => view), '/items'],
  ['another type', [{ ...view, type: 'review.created.v1' }], '/items/0/type'],
  ['no id', [view, { type: 'stats.viewed.v1', entity_type: 'product' }], '/items/1/entity_id'],
  ['a NUL', [{ ...view, entity_id: 'a\u0000' }], '/items/0/entity_id'],
  ['a review that is none', [{ ...view, review_id: '7' }], '/items/0/review_id'],
  ['a user', [{ ...view, user_id: 'ada' }], '/items/0/user_id'],
]

for (const [what, items, pointer] of refused) {
  test(`refused: ${what}`, async () => {
    const answer = await report(items)
    assert.equal(answer.statusCode, 422, answer.body)
    assert.deepEqual(
      answer.json().errors.map((error: { pointer: string }) => error.pointer),
      [pointer],
    )
  })
}

test('nothing is nothing', async () => {
  assert.deepEqual((await report([])).json(), { accepted: 0 })
})

test('without Kafka views are answered at once, bounded, and counted as dropped; no write waits', async () => {
  const registry = new Registry()
  const nowhere = createKafka({ brokers: ['127.0.0.1:1'], prefix: '', clientId: 'test', log: silent })
  const lost = nowhere.producer({ deliveryTimeoutMs: 500 })
  const views = new ViewQueue({
    producer: lost,
    metrics: viewMetrics(registry),
    log: silent,
    maxWaiting: 1_000,
  })
  const away = await startTestApi(await createTestEnvironment(), { views })
  try {
    const hundred = Array.from({ length: 100 }, () => view)
    const answers = await Promise.all(Array.from({ length: 30 }, () => report(hundred, away)))
    assert.ok(answers.every(({ statusCode }) => statusCode === 202))
    const accepted = answers.reduce((sum, answer) => sum + answer.json().accepted, 0)
    assert.ok(accepted >= 1_000 && accepted <= 1_500, `${accepted}`)
    const written = await away.post(aReview)
    assert.equal(written.statusCode, 201)
    await until('all are counted as dropped', async () => {
      const { values = [] } = (await registry.getSingleMetric('thereview_views_dropped_total')?.get()) ?? {}
      return values.reduce((sum, { value }) => sum + value, 0) === 3_000
    })
  } finally {
    await away.stop()
    await lost.close()
  }
})
