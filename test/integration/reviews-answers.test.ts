// Every status of every call of reviews.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aReview, startTestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'

const api = await startTestApi(await createTestEnvironment())
after(() => api.stop())

let users = 0
const anotherUser = () => ({ ...aReview, user_id: `user-${++users}` })

async function created(body: object = anotherUser()) {
  const answer = await api.post(body)
  assert.equal(answer.statusCode, 201, answer.body)
  return answer.json()
}

function assertProblem(
  answer: { statusCode: number; headers: object; body: string },
  status: number,
  code: string,
) {
  assert.equal(answer.statusCode, status, answer.body)
  const { headers } = answer as { headers: Record<string, string> }
  assert.match(headers['content-type'] ?? '', /^application\/problem\+json/)
  const problem = JSON.parse(answer.body)
  assert.equal(problem.code, code)
  assert.equal(problem.status, status)
  assert.equal(problem.type, `/problems/${code}`)
  assert.match(problem.trace_id, /^[0-9a-f]{32}$/)
  assert.ok(problem.title && problem.detail && problem.instance && Array.isArray(problem.errors))
  return problem
}

const absent = '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c'

test('POST answers 201 with the review, where it is and its version', async () => {
  const answer = await api.post({ ...anotherUser(), title: 'Wow', user_id: 'user-of-201' })
  const review = answer.json()
  assert.equal(answer.statusCode, 201)
  assert.equal(answer.headers.location, `/api/v1/reviews/${review.review_id}`)
  assert.equal(answer.headers.etag, '"1"')
  assert.ok(answer.headers['consistency-token'])
  assert.match(review.review_id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/)
  assert.match(review.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  const { review_id: _, created_at, updated_at, ...rest } = review
  assert.equal(created_at, updated_at)
  assert.deepEqual(rest, { ...aReview, user_id: 'user-of-201', title: 'Wow', version: 1 })
  assert.deepEqual((await api.get(review.review_id)).json(), review)
})

test('POST of what the user has reviewed answers 409 and says where that is', async () => {
  const first = await created({ ...aReview, user_id: 'twice' })
  const problem = assertProblem(
    await api.post({ ...aReview, user_id: 'twice' }),
    409,
    'review_already_exists',
  )
  assert.equal(problem.existing, `/api/v1/reviews/${first.review_id}`)
})

test('after a deletion the user may write another, with a new id; the old one stays 410', async () => {
  const first = await created({ ...aReview, user_id: 'again' })
  assert.equal((await api.remove(first.review_id)).statusCode, 204)
  const second = await created({ ...aReview, user_id: 'again' })
  assert.notEqual(second.review_id, first.review_id)
  assertProblem(await api.get(first.review_id), 410, 'review_deleted')
  assertProblem(await api.put(first.review_id, { rating: 1 }), 410, 'review_deleted')
})

test('GET answers 200 with its tag, 304 to who has it, 404 for one that never was', async () => {
  const { review_id: id } = await created()
  const answer = await api.get(id)
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers.etag, '"1"')
  for (const tag of ['"1"', 'W/"1"', '"7", "1"', '*']) {
    const fresh = await api.get(id, { 'if-none-match': tag })
    assert.equal(fresh.statusCode, 304, tag)
    assert.equal(fresh.body, '')
    assert.equal(fresh.headers.etag, '"1"')
  }
  assert.equal((await api.get(id, { 'if-none-match': '"2"' })).statusCode, 200)
  assertProblem(await api.get(absent), 404, 'review_not_found')
  assert.equal((await api.get(id.toUpperCase())).json().review_id, id)
})

test('HEAD answers as GET does, without a body', async () => {
  const { review_id: id } = await created()
  const answer = await api.app.inject({ method: 'HEAD', url: `/api/v1/reviews/${id}` })
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers.etag, '"1"')
  assert.equal(answer.body, '')
})

test('PUT changes what it names and leaves the rest; null clears the title', async () => {
  const before = await created({ ...anotherUser(), title: 'Wow' })
  const answer = await api.put(before.review_id, { rating: 2.5, title: null })
  assert.equal(answer.statusCode, 200, answer.body)
  assert.equal(answer.headers.etag, '"2"')
  const review = answer.json()
  assert.ok(review.updated_at >= before.updated_at)
  assert.deepEqual(review, { ...before, rating: 2.5, title: null, version: 2, updated_at: review.updated_at })
  assert.deepEqual((await api.get(before.review_id)).json(), review)
  assertProblem(await api.put(absent, { rating: 1 }), 404, 'review_not_found')
})

test('PUT of nothing, or of equal values, changes nothing and writes no event', async () => {
  const review = await created({ ...anotherUser(), title: 'Wow' })
  const { rating, title, content } = review
  for (const body of [{}, { rating }, { rating, title, content }]) {
    const answer = await api.put(review.review_id, body)
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers.etag, '"1"')
    assert.ok(answer.headers['consistency-token'])
    assert.deepEqual(answer.json(), review)
  }
  assert.equal((await api.history(review.review_id)).json().items.length, 1)
})

test('If-Match lets PUT and DELETE happen at that version alone', async () => {
  const { review_id: id } = await created()
  assert.equal((await api.put(id, { rating: 1 }, { 'if-match': '"1"' })).statusCode, 200)
  for (const stale of ['"1"', 'W/"2"', '2', '"1", "3"']) {
    assertProblem(await api.put(id, { rating: 3 }, { 'if-match': stale }), 412, 'version_mismatch')
    assertProblem(await api.put(id, {}, { 'if-match': stale }), 412, 'version_mismatch')
    assertProblem(await api.remove(id, {}, { 'if-match': stale }), 412, 'version_mismatch')
  }
  assert.equal((await api.put(id, { rating: 4 }, { 'if-match': '*' })).json().version, 3)
  assert.equal((await api.put(id, { rating: 5 }, { 'if-match': '"9", "3"' })).json().version, 4)
  assert.equal((await api.remove(id, {}, { 'if-match': '"4"' })).statusCode, 204)
  assertProblem(await api.put(absent, {}, { 'if-match': '*' }), 404, 'review_not_found')
})

test('DELETE answers 204 as often as it is asked, 404 for one that never was', async () => {
  const { review_id: id } = await created()
  for (const query of [{ reason: 'Posted by mistake' }, {}, { reason: 'again' }]) {
    const answer = await api.remove(id, query)
    assert.equal(answer.statusCode, 204)
    assert.equal(answer.body, '')
    assert.ok(answer.headers['consistency-token'])
  }
  assert.equal((await api.remove(id, {}, { 'if-match': '"1"' })).statusCode, 204)
  assertProblem(await api.remove(absent), 404, 'review_not_found')
  const { items } = (await api.history(id)).json()
  assert.equal(items.length, 2)
  assert.equal(items[1].data.reason, 'Posted by mistake')
})

test('history has the envelopes, oldest first, and their positions', async () => {
  const { review_id: id, user_id } = await created()
  await api.put(id, { rating: 1 })
  await api.remove(id)
  const answer = await api.history(id)
  assert.equal(answer.statusCode, 200)
  const { items } = answer.json()
  assert.deepEqual(
    items.map((item: Record<string, unknown>) => [item.event_type, item.aggregate_version]),
    [
      ['review.created.v1', 1],
      ['review.updated.v1', 2],
      ['review.deleted.v1', 3],
    ],
  )
  for (const item of items) {
    assert.equal(item.aggregate_id, id)
    assert.equal(item.aggregate_type, 'Review')
    assert.equal(item.metadata.user_id, user_id)
    assert.ok(Number.isSafeInteger(item.position))
  }
  assert.ok(items[0].position < items[1].position && items[1].position < items[2].position)
  assertProblem(await api.history(absent), 404, 'review_not_found')
})

test('a long history comes in parts, each by its count and by its size', async () => {
  const { review_id: id } = await created()
  const contents = ['💥'.repeat(10_000), '🌍'.repeat(10_000)]
  for (let n = 0; n < 60; n++) await api.put(id, { content: contents[n % 2] })
  const part = async (query: string) =>
    (await api.app.inject({ url: `/api/v1/reviews/${id}/history?${query}` })).json()
  const versions = ({ items }: { items: { aggregate_version: number }[] }) =>
    items.map((item) => item.aggregate_version)

  const first = await part('limit=2')
  assert.deepEqual([versions(first), first.next_after], [[1, 2], 2])
  const second = await part('after=2&limit=1')
  assert.deepEqual([versions(second), second.next_after], [[3], 3])
  assert.deepEqual(await part('after=61'), { items: [], next_after: null })

  const all: number[] = []
  let parts = 0
  for (let after: number | null = 0; after !== null; parts++) {
    const answer = await part(`after=${after}`)
    all.push(...versions(answer))
    after = answer.next_after
  }
  assert.deepEqual(
    all,
    Array.from({ length: 61 }, (_, n) => n + 1),
  )
  // 60 changes of 80 kB each.
  assert.equal(parts, 2)
})

const pathsOf = (id: string): ['GET' | 'PUT' | 'DELETE', string][] => [
  ['GET', `/api/v1/reviews/${id}`],
  ['GET', `/api/v1/reviews/${id}/history`],
  ['PUT', `/api/v1/reviews/${id}`],
  ['DELETE', `/api/v1/reviews/${id}`],
]
for (const id of [
  'nonsense',
  '1',
  "'%20or%201=1--",
  '%00',
  '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2',
  '%F0%9F%92%A5',
]) {
  for (const [method, url] of pathsOf(id)) {
    test(`${method} ${url} answers 422`, async () => {
      const payload = method === 'PUT' ? {} : undefined
      const answer = await api.app.inject({ method, url, ...(payload && { payload }) })
      const problem = assertProblem(answer, 422, 'validation_failed')
      assert.equal(problem.errors[0].in, 'path')
      assert.equal(problem.errors[0].pointer, '/review_id')
    })
  }
}

test('the ids of a request come back, and go with its event', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, 'x-correlation-id': 'shop.7_f-3' }
  const answer = await api.post(anotherUser(), headers)
  assert.equal(answer.headers['x-correlation-id'], 'shop.7_f-3')
  assert.match(
    String(answer.headers.traceparent),
    new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`),
  )
  const { items } = (await api.history(answer.json().review_id)).json()
  assert.equal(items[0].metadata.correlation_id, 'shop.7_f-3')
  assert.equal(items[0].metadata.trace_id, traceId)
  const { rows } = await api.reads.query('select traceparent from events where event_id = $1', [
    items[0].event_id,
  ])
  assert.equal(rows[0].traceparent, answer.headers.traceparent)
})
