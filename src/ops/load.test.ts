import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import { percentile, runLoad } from './load.ts'
import { LoadClient } from './load-client.ts'
import { plannedReview } from './load-plan.ts'
import { LoadTally } from './load-tally.ts'

const run = {
  runId: 'r',
  reviews: 60,
  entities: 4,
  connections: 3,
  ratePerSecond: null,
  agreementTimeoutMs: 2_000,
}

test('every entity gets all nine ratings, and every review a user of its own', () => {
  const reviews = Array.from({ length: 4 * 81 }, (_, n) => plannedReview('r', 4, n))
  for (const entity of new Set(reviews.map((review) => review.entity_id))) {
    const ratings = reviews.filter((review) => review.entity_id === entity).map((review) => review.rating)
    assert.deepEqual([...new Set(ratings)].sort(), [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5])
  }
  assert.equal(new Set(reviews.map((review) => review.user_id)).size, reviews.length)
})

test('a tally agrees with equal statistics, and with no others', () => {
  const tally = new LoadTally()
  for (const rating of [5, 4.5, 4]) tally.add('e', rating)
  const histogram = { '4': 1, '4.5': 1, '5': 1, '1': 0 }
  assert.ok(tally.agreesWith('e', { count: 3, average: 4.5, histogram }))
  assert.ok(!tally.agreesWith('e', { count: 2, average: 4.5, histogram }))
  assert.ok(!tally.agreesWith('e', { count: 3, average: 4.49, histogram }))
  assert.ok(!tally.agreesWith('e', { count: 3, average: 4.5, histogram: { ...histogram, '1': 1 } }))
})

test('a percentile is the nearest rank', () => {
  const values = Float64Array.from({ length: 100 }, (_, i) => 100 - i)
  assert.deepEqual([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)], [50, 99, 100])
  assert.equal(percentile(new Float64Array(), 0.5), 0)
})

test('a lost answer is asked again, and a review that was stored all the same counts once', async () => {
  const api = await reviewsApi({ storesButHangsUp: (review) => review % 10 === 3 })
  const report = await withClient(api.url, (client) => runLoad(client, run))
  assert.equal(report.accepted, 60)
  assert.ok(report.retried >= 6)
  assert.equal(report.entities_agreed, 4)
  assert.notEqual(report.agreed_after_seconds, null)
})

test('a review that the API lost shows: its statistic never agrees', async () => {
  const api = await reviewsApi({ forgets: (post) => post === 7 })
  const report = await withClient(api.url, (client) => runLoad(client, { ...run, agreementTimeoutMs: 100 }))
  assert.equal(report.accepted, 60)
  assert.equal(report.entities_agreed, 3)
  assert.equal(report.agreed_after_seconds, null)
})

test('a refused review is reported with what the API said, and not tried again', async () => {
  const api = await reviewsApi({ refuses: (post) => post === 7 })
  const report = await withClient(api.url, (client) => runLoad(client, run))
  assert.equal(report.failed, 1)
  assert.match(report.first_failure ?? '', /^422 .*validation_failed/)
  assert.equal(report.retried, 0)
})

test('at a fixed rate, latencies count from when a request was due', async () => {
  const api = await reviewsApi({ answersAfterMs: 20 })
  const report = await withClient(api.url, (client) =>
    runLoad(client, { ...run, reviews: 30, connections: 1, ratePerSecond: 1000 }),
  )
  assert.ok(
    report.latency_ms.max > 300,
    `the last of 30 waited for the 29 before it, not ${report.latency_ms.max} ms`,
  )
})

type Behaviour = {
  /** Of the reviews that are new to it: which of all requests is one that comes again is a matter of chance. */
  storesButHangsUp?: (review: number) => boolean
  forgets?: (post: number) => boolean
  refuses?: (post: number) => boolean
  answersAfterMs?: number
}

/** As much of the API as a load run sees, with the faults of which it must make the right thing. */
async function reviewsApi(behaviour: Behaviour): Promise<{ url: string }> {
  const ratings = new Map<string, number[]>()
  const users = new Set<string>()
  let posts = 0

  async function create(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const post = posts++
    const review = JSON.parse(await text(request))
    if (behaviour.refuses?.(post)) return answer(response, 422, { code: 'validation_failed' })
    if (users.has(review.user_id)) return answer(response, 409, { code: 'review_already_exists' })
    const nth = users.size
    users.add(review.user_id)
    if (!behaviour.forgets?.(post)) {
      ratings.set(review.entity_id, [...(ratings.get(review.entity_id) ?? []), review.rating])
    }
    if (behaviour.storesButHangsUp?.(nth)) request.socket.destroy()
    else setTimeout(() => answer(response, 201, review), behaviour.answersAfterMs ?? 0)
  }

  function statistics(entityId: string) {
    const given = ratings.get(entityId) ?? []
    const sum = given.reduce((total, rating) => total + rating, 0)
    const values = [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]
    const histogram = Object.fromEntries(
      values.map((value) => [value, given.filter((r) => r === value).length]),
    )
    return { count: given.length, average: Math.round((100 * sum) / given.length) / 100, histogram }
  }

  const server = createServer((request, response) => {
    if (request.method === 'POST') void create(request, response)
    else answer(response, 200, statistics(request.url?.split('/').at(-2) ?? ''))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  return { url: `http://127.0.0.1:${address.port}` }
}

async function withClient<T>(url: string, work: (client: LoadClient) => Promise<T>): Promise<T> {
  const client = new LoadClient(url, 3)
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
