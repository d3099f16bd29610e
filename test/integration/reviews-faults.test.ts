// What the write side does when a row, a lock, a connection or the whole database fails.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { appendingTransaction, withPostgres } from '../../src/platform/postgres/pool.ts'
import { ReviewWriter } from '../../src/reviews/review-writer.ts'
import { aReview, startTestApi, type TestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { until } from '../support/until.ts'

let api: TestApi
before(async () => {
  api = await startTestApi(await createTestEnvironment())
})
after(() => api.stop())

const origin = { correlationId: 'c', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', traceparent: 'none' }

async function counts(userPattern: string): Promise<{ reviews: number; events: number }> {
  const { rows } = await api.reads.query(
    `select (select count(*) from reviews where user_id like $1) as reviews,
       (select count(*) from events where data ->> 'user_id' like $1) as events`,
    [userPattern],
  )
  return rows[0]
}

/** Holds every append until it is let go, as a slow commit of another process would. */
async function holdLog() {
  const client = await api.reads.connect()
  await client.query('begin')
  await client.query('select from log_head for update')
  return async () => {
    await client.query('rollback')
    client.release()
  }
}

test('a row that Postgres refuses fails alone', async () => {
  const writer = new ReviewWriter({ db: api.writes, inserts: api.inserts, now: () => new Date() })
  const wanted = (user: string, content: string) => ({ ...aReview, title: null, user_id: user, content })
  const settled = await Promise.allSettled(
    Array.from({ length: 20 }, (_, nth) =>
      writer.create(
        // What validation lets through no more, and Postgres cannot hold.
        wanted(`row-${nth}`, nth === 7 ? 'a\u0000b' : 'Fine.'),
        { by: `row-${nth}`, idempotency: null },
        origin,
      ),
    ),
  )
  assert.deepEqual(
    settled.flatMap(({ status }, nth) => (status === 'rejected' ? [nth] : [])),
    [7],
  )
  assert.deepEqual(await counts('row-%'), { reviews: 19, events: 19 })
})

test('a review that somebody holds locked fails alone, with 503, and the others are written', async () => {
  const held = (await api.post({ ...aReview, user_id: 'held' })).json()
  const free = await Promise.all(
    Array.from({ length: 10 }, async (_, nth) =>
      (await api.post({ ...aReview, user_id: `free-${nth}` })).json(),
    ),
  )
  const client = await api.reads.connect()
  await client.query('begin')
  await client.query('select from reviews where review_id = $1 for update', [held.review_id])
  const answers = await Promise.all(
    [held, ...free].map(({ review_id }) => api.put(review_id, { content: 'Changed.' })),
  )
  await client.query('rollback')
  client.release()
  assert.equal(answers[0]?.statusCode, 503)
  assert.ok(answers[0]?.headers['retry-after'])
  assert.deepEqual(new Set(answers.slice(1).map(({ statusCode }) => statusCode)), new Set([200]))
  assert.equal((await api.put(held.review_id, { content: 'Changed.' })).statusCode, 200)
})

test('when the backend of a batch is killed its requests are 503, all or nothing, and the next succeed', async () => {
  const release = await holdLog()
  const answers = Promise.all(
    Array.from({ length: 30 }, (_, nth) => api.post({ ...aReview, user_id: `killed-${nth}` })),
  )
  // The first is alone in its batch; all that came meanwhile are the second.
  const killed: number[] = []
  while (killed.length < 2) {
    await until('a batch that waits for the log', async () => {
      // One that was killed is still seen waiting for a moment.
      const { rows } = await api.reads.query<{ pid: number }>(
        `select pid, pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'test api inserts' and datname = current_database() and wait_event_type = 'Lock'
           and pid <> all($1::integer[])`,
        [killed],
      )
      killed.push(...rows.map(({ pid }) => pid))
      return rows.length > 0
    })
  }
  await release()
  const byStatus = Map.groupBy(await answers, ({ statusCode }) => statusCode)
  assert.ok((byStatus.get(503)?.length ?? 0) > 1)
  for (const answer of byStatus.get(503) ?? []) {
    assert.equal(answer.json().code, 'unavailable')
    assert.equal(answer.headers['retry-after'], '1')
    assert.doesNotMatch(answer.body, /postgres|terminat|backend|127\.0\.0\.1/i)
  }
  const stored = byStatus.get(201)?.length ?? 0
  assert.equal(stored + (byStatus.get(503)?.length ?? 0), 30)
  assert.deepEqual(await counts('killed-%'), { reviews: stored, events: stored })
  assert.equal((await api.post({ ...aReview, user_id: 'after the kill' })).statusCode, 201)
})

test('writes that find too many waiting are 503 at once, and memory stays bounded', async () => {
  const release = await holdLog()
  const answers = Array.from({ length: 3_000 }, (_, nth) => api.post({ ...aReview, user_id: `flood-${nth}` }))
  const refused = (await Promise.race(answers)).statusCode
  await release()
  const byStatus = Map.groupBy(await Promise.all(answers), ({ statusCode }) => statusCode)
  assert.equal(refused, 503)
  assert.ok((byStatus.get(201)?.length ?? 0) >= 2_000)
  const stored = byStatus.get(201)?.length ?? 0
  assert.deepEqual(await counts('flood-%'), { reviews: stored, events: stored })
})

test('a process that stands still in the middle of an append holds up nobody, and goes on', async () => {
  const stood = appendingTransaction(api.writes, async (client) => {
    await client.query('select from log_head for update')
    // Nothing of this process runs for a second, as if it were frozen.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
    await client.query('select 1')
  })
  await assert.rejects(
    withPostgres(() => stood),
    { code: 'unavailable' },
  )
  assert.equal((await api.post({ ...aReview, user_id: 'after the pause' })).statusCode, 201)
})

test('without Postgres every call is 503 and says when to come again', async () => {
  const away = await startTestApi({
    ...(await createTestEnvironment()),
    DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/nowhere',
  })
  const id = '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c'
  const calls = [
    away.post(aReview),
    away.put(id, {}),
    away.remove(id),
    away.get(id),
    away.list({}),
    away.history(id),
  ]
  for (const answer of await Promise.all(calls)) {
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.json().code, 'unavailable')
    assert.ok(answer.headers['retry-after'])
    assert.doesNotMatch(answer.body, /ECONN|127\.0\.0\.1|nobody/)
  }
  await away.stop()
})

test('without Redis everything is answered all the same', async () => {
  const environment = await createTestEnvironment()
  const alone = await startTestApi({ ...environment, REDIS_URL: 'redis://127.0.0.1:1/0' })
  assert.equal((await alone.post(aReview)).statusCode, 201)
  const { entity_type, entity_id } = aReview
  assert.equal((await alone.list({ entity_type, entity_id })).json().items.length, 1)
  await alone.stop()
})

test('two APIs that insert the same pairs in opposite orders do not deadlock', async () => {
  const environment = await createTestEnvironment()
  const apis = [await startTestApi(environment), await startTestApi(environment)] as const
  const pairs = Array.from({ length: 200 }, (_, nth) => ({
    ...aReview,
    user_id: `u${nth}`,
    entity_id: `e${nth % 5}`,
  }))
  const answers = await Promise.all([
    ...pairs.map((pair) => apis[0].post(pair)),
    ...pairs.toReversed().map((pair) => apis[1].post(pair)),
  ])
  const byStatus = Map.groupBy(answers, ({ statusCode }) => statusCode)
  assert.equal(byStatus.get(201)?.length, 200)
  assert.equal(byStatus.get(409)?.length, 200)
  const { rows } = await apis[0].reads.query(
    'select deadlocks from pg_stat_database where datname = current_database()',
  )
  assert.equal(rows[0].deadlocks, 0)
  await Promise.all(apis.map((one) => one.stop()))
})
