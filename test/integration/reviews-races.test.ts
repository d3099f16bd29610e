// Many at once: one review for a user and an entity, no update lost, one effect for a key.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { purgeExpiredKeys } from '../../src/reviews/idempotency.ts'
import { aReview, startTestApi, type TestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { holdKey } from '../support/held-key.ts'
import { until } from '../support/until.ts'

// Two, as two processes would be: each with its own connections, batches and turns.
const environment = await createTestEnvironment()
const apis = [await startTestApi(environment), await startTestApi(environment)] as const
const [api] = apis
after(() => Promise.all(apis.map((one) => one.stop())))

type Answer = Awaited<ReturnType<TestApi['post']>>

/** So many calls at once, over both APIs. */
function atOnce(count: number, call: (api: TestApi, nth: number) => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, (_, nth) => call(nth % 2 === 0 ? apis[0] : apis[1], nth)))
}

function byStatus(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { statusCode } of answers) counts[statusCode] = (counts[statusCode] ?? 0) + 1
  return counts
}

async function eventsOf(userId: string): Promise<{ event_type: string; aggregate_version: number }[]> {
  const { rows } = await api.reads.query(
    `select event_type, aggregate_version from events where metadata ->> 'user_id' = $1 order by position`,
    [userId],
  )
  return rows
}

/** Runs a statement for this id over and over, on two connections, so that one always waits for the other. */
async function writeWithoutPause(statement: string, id: string, stop: AbortSignal): Promise<void> {
  const write = async () => {
    while (!stop.aborted) await api.reads.query(statement, [id])
  }
  await Promise.all([write(), write()])
}

test('of 50 equal creates at once exactly one is 201, with one event; the others name it', async () => {
  const answers = await atOnce(50, (api) => api.post({ ...aReview, user_id: 'fifty' }))
  assert.deepEqual(byStatus(answers), { 201: 1, 409: 49 })
  const created = answers.find(({ statusCode }) => statusCode === 201)?.json()
  for (const answer of answers) {
    if (answer.statusCode === 409)
      assert.equal(answer.json().existing, `/api/v1/reviews/${created.review_id}`)
  }
  assert.deepEqual(await eventsOf('fifty'), [{ event_type: 'review.created.v1', aggregate_version: 1 }])
})

test('creates with conflicts among them: each user and entity gets one, and all that can succeed do', async () => {
  const answers = await atOnce(300, (api, nth) =>
    api.post({ ...aReview, entity_id: `mixed-${nth % 7}`, user_id: `mixed-${nth % 60}` }),
  )
  // 7 and 60 have no common divisor: 300 requests name 300 pairs; the next 300 name them again.
  const again = await atOnce(300, (api, nth) =>
    api.post({ ...aReview, entity_id: `mixed-${nth % 7}`, user_id: `mixed-${nth % 60}` }),
  )
  assert.deepEqual(byStatus(answers), { 201: 300 })
  assert.deepEqual(byStatus(again), { 409: 300 })
})

test('of 60 concurrent updates none is lost and versions are dense', async () => {
  const { review_id: id } = (await api.post({ ...aReview, user_id: 'updated' })).json()
  const answers = await atOnce(60, (api, nth) =>
    // Both cases of a UUID name one review.
    api.put(nth % 3 === 0 ? id.toUpperCase() : id, { content: `Content number ${nth}` }),
  )
  assert.deepEqual(byStatus(answers), { 200: 60 })
  const versions = answers.map((answer) => answer.json().version).sort((a, b) => a - b)
  assert.deepEqual(
    versions,
    Array.from({ length: 60 }, (_, nth) => nth + 2),
  )
  const { items } = (await api.history(id)).json()
  assert.deepEqual(
    items.map((item: { aggregate_version: number }) => item.aggregate_version),
    Array.from({ length: 61 }, (_, nth) => nth + 1),
  )
  // Each event begins where the one before it ended.
  for (let nth = 2; nth < items.length; nth += 1) {
    assert.equal(items[nth].data.changes.content.old, items[nth - 1].data.changes.content.new)
    assert.ok(items[nth].timestamp >= items[nth - 1].timestamp)
  }
  assert.equal((await api.get(id)).json().content, items.at(-1).data.changes.content.new)
})

test('a writer that never pauses keeps no other from its update', async () => {
  const { review_id: id } = (await api.post({ ...aReview, user_id: 'busy' })).json()
  const user = '/api/v1/users/busy'
  const name = (nth: number) => ({ email: 'busy@example.com', name: `Name ${nth}`, locale: 'en' })
  assert.equal((await api.app.inject({ method: 'PUT', url: user, payload: name(0) })).statusCode, 201)
  const busy = new AbortController()
  const writers = [
    writeWithoutPause('update reviews set version = version + 1 where review_id = $1', id, busy.signal),
    writeWithoutPause('update users set version = version + 1 where user_id = $1', 'busy', busy.signal),
  ]
  for (let nth = 1; nth <= 10; nth += 1) {
    assert.equal((await api.app.inject({ method: 'PUT', url: user, payload: name(nth) })).statusCode, 200)
    assert.equal((await api.put(id, { content: `Content number ${nth}` })).statusCode, 200)
  }
  busy.abort()
  await Promise.all(writers)
})

test('of many writers with one ETag exactly one succeeds', async () => {
  const { review_id: id } = (await api.post({ ...aReview, user_id: 'etag' })).json()
  const answers = await atOnce(20, (api, nth) =>
    nth % 3 === 0
      ? api.remove(id, {}, { 'if-match': '"1"' })
      : api.put(id, { content: `Content number ${nth}` }, { 'if-match': '"1"' }),
  )
  const succeeded = answers.filter(({ statusCode }) => statusCode < 300)
  // A deletion that comes after another one is the same as once.
  const removed = answers.filter(({ statusCode }) => statusCode === 204)
  assert.ok(succeeded.length === 1 || succeeded.length === removed.length, JSON.stringify(byStatus(answers)))
  assert.equal((await api.history(id)).json().items.length, 2)
})

test('deletions at once are one event, and updates after it are 410', async () => {
  const { review_id: id } = (await api.post({ ...aReview, user_id: 'deleted' })).json()
  const answers = await atOnce(40, (api, nth) =>
    nth % 2 === 0 ? api.put(id, { content: `Content number ${nth}` }) : api.remove(id, { reason: `${nth}` }),
  )
  const counts = byStatus(answers)
  assert.equal(counts[204], 20)
  assert.equal((counts[200] ?? 0) + (counts[410] ?? 0), 20)
  const { items } = (await api.history(id)).json()
  assert.equal(items.length, 2 + (counts[200] ?? 0))
  assert.equal(items.at(-1).event_type, 'review.deleted.v1')
})

test('creates and deletions of one user and entity at once leave at most one live review', async () => {
  const mine = { ...aReview, user_id: 'churn' }
  await atOnce(60, async (api, nth) => {
    const answer = await api.post(mine)
    assert.ok([201, 409].includes(answer.statusCode), answer.body)
    if (nth % 3 === 0 && answer.statusCode === 201) await api.remove(answer.json().review_id)
    return answer
  })
  const { rows } = await api.reads.query(
    "select count(*) filter (where deleted_at is null) as live, count(*) as all from reviews where user_id = 'churn'",
  )
  assert.ok(rows[0].live <= 1 && rows[0].all >= 1)
})

test('ten equal keys at once are one review, and each answer is the same', async () => {
  const body = { ...aReview, user_id: 'keyed', title: 'Once' }
  const answers = await atOnce(10, (api) => api.post(body, { 'idempotency-key': 'key-1' }))
  assert.deepEqual(byStatus(answers), { 201: 10 })
  assert.equal(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true').length, 9)
  assert.equal(new Set(answers.map(({ body }) => body)).size, 1)
  for (const header of ['location', 'etag', 'consistency-token']) {
    assert.equal(new Set(answers.map(({ headers }) => headers[header])).size, 1)
  }
  assert.equal((await eventsOf('keyed')).length, 1)
})

test('a key replays its first answer also when the review changed since, or was deleted', async () => {
  const body = { ...aReview, user_id: 'replayed' }
  const key = { 'idempotency-key': 'key-2' }
  const first = await api.post(body, key)
  const { review_id: id } = first.json()
  await api.put(id, { rating: 1 })
  assert.equal((await api.post(body, key)).body, first.body)
  await api.remove(id)
  const replay = await api.post({ ...body, title: null, rating: 5.0 }, key)
  assert.equal(replay.statusCode, 201)
  assert.equal(replay.body, first.body)
  assert.equal(replay.headers['idempotent-replayed'], 'true')
})

test('a key that another process holds for longer than a second is 409 with Retry-After, whatever the body', async () => {
  const body = { ...aReview, user_id: 'pending' }
  const key = { 'idempotency-key': 'key-6' }
  const commit = await holdKey(api.reads, { caller: 'user:pending', key: 'key-6', body })
  const answers = await Promise.all([
    api.post(body, key),
    apis[1].post({ ...body, entity_id: 'other' }, key),
    // In line behind the first.
    api.post(body, key),
  ])
  for (const answer of answers) {
    assert.equal(answer.statusCode, 409)
    assert.equal(answer.json().code, 'idempotency_in_progress')
    assert.equal(answer.headers['retry-after'], '1')
  }
  await commit()
  const replay = await api.post(body, key)
  assert.equal(replay.statusCode, 201)
  assert.equal(replay.headers['idempotent-replayed'], 'true')
  assert.equal((await eventsOf('pending')).length, 1)
})

test('a key that is held holds up nobody, also where it is past its time', async () => {
  const body = { ...aReview, user_id: 'past-and-held' }
  const key = { 'idempotency-key': 'key-8' }
  await api.post(body, key)
  await api.reads.query(
    "update idempotency_keys set expires_at = now() - interval '1 minute' where key = 'key-8'",
  )
  const held = { ...body, entity_id: 'second' }
  const commit = await holdKey(api.reads, { caller: 'user:past-and-held', key: 'key-8', body: held })
  assert.equal((await api.post(held, key)).json().code, 'idempotency_in_progress')
  await commit()
  assert.equal((await api.post(held, key)).headers['idempotent-replayed'], 'true')
})

test('who waits for a key of another process gets the answer as soon as it is committed', async () => {
  const body = { ...aReview, user_id: 'awaited' }
  const commit = await holdKey(api.reads, { caller: 'user:awaited', key: 'key-7', body })
  const waiting = api.post(body, { 'idempotency-key': 'key-7' })
  await until('the request has found the key held', async () => {
    const { rows } = await api.reads.query(
      `select from pg_stat_activity holder join pg_stat_activity waiter using (datname)
       where datname = current_database() and holder.state = 'idle in transaction'
         and waiter.application_name = 'test api inserts' and waiter.query like '%idempotency_keys%'
         and waiter.query_start > holder.state_change`,
    )
    return rows.length > 0
  })
  await commit()
  const answer = await waiting
  assert.equal(answer.statusCode, 201)
  assert.equal(answer.headers['idempotent-replayed'], 'true')
})

test('a key with another body is 422, one of another user is another key', async () => {
  const body = { ...aReview, user_id: 'reused' }
  const key = { 'idempotency-key': 'key-3' }
  assert.equal((await api.post(body, key)).statusCode, 201)
  for (const other of [
    { ...body, rating: 1 },
    { ...body, entity_id: 'other' },
  ]) {
    const answer = await api.post(other, key)
    assert.equal(answer.statusCode, 422)
    assert.equal(answer.json().code, 'idempotency_key_reused')
  }
  assert.equal((await api.post({ ...body, user_id: 'another' }, key)).statusCode, 201)
})

test('equal keys with different bodies at once: one is stored, the others are 422', async () => {
  for (let round = 0; round < 10; round += 1) {
    const user_id = `different-${round}`
    const answers = await atOnce(10, (api, nth) =>
      api.post({ ...aReview, user_id, entity_id: `entity-${nth}` }, { 'idempotency-key': 'same' }),
    )
    assert.deepEqual(byStatus(answers), { 201: 1, 422: 9 })
    assert.equal((await eventsOf(user_id)).length, 1)
  }
})

test('a refused request does not use up its key', async () => {
  const body = { ...aReview, user_id: 'refused' }
  const key = { 'idempotency-key': 'key-4' }
  const { review_id: id } = (await api.post(body)).json()
  assert.equal((await api.post(body, key)).statusCode, 409)
  assert.equal((await api.post({ ...body, rating: 9 }, key)).statusCode, 422)
  await api.remove(id)
  const answer = await api.post(body, key)
  assert.equal(answer.statusCode, 201)
  assert.equal(answer.headers['idempotent-replayed'], undefined)
})

test('a key that is past its time may be used again', async () => {
  const key = { 'idempotency-key': 'key-5' }
  const first = await api.post({ ...aReview, user_id: 'expired' }, key)
  assert.equal(first.statusCode, 201)
  await api.reads.query("update idempotency_keys set expires_at = now() where key = 'key-5'")
  const second = await api.post({ ...aReview, user_id: 'expired', entity_id: 'second' }, key)
  assert.equal(second.statusCode, 201)
  assert.notEqual(second.body, first.body)
  const replay = await api.post({ ...aReview, user_id: 'expired', entity_id: 'second' }, key)
  assert.equal(replay.body, second.body)
})

test('all keys past their time are removed, and no other', async () => {
  await api.reads.query(
    `insert into idempotency_keys (caller, key, request_hash, review_id, position, response, expires_at)
     select 'user:purged', nth::text, '', gen_random_uuid(), nth, '{}',
       now() + case when nth > 12000 then interval '1 hour' else interval '-1 hour' end
     from generate_series(1, 12001) as nth`,
  )
  assert.ok((await purgeExpiredKeys(api.reads)) >= 12_000)
  const { rows } = await api.reads.query("select key from idempotency_keys where caller = 'user:purged'")
  assert.deepEqual(rows, [{ key: '12001' }])
})
