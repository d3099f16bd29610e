// The generated client does what a client written from the document alone would do.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { createClient } from '../../src/client/client/index.ts'
import { createReview, deleteReview, getReview, listReviews, updateReview } from '../../src/client/sdk.gen.ts'
import type { ListReviewsData, Review } from '../../src/client/types.gen.ts'
import { startTestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'

const api = await startTestApi(await createTestEnvironment())
await api.app.listen({ host: '127.0.0.1', port: 0 })
after(() => api.stop())
const { port } = api.app.server.address() as AddressInfo
const client = createClient({ baseUrl: `http://127.0.0.1:${port}` })

// One that every path has to encode.
const thing = { entity_type: 'product', entity_id: 'gid://shopify/Product/1?a=b&c#d' }

const written = (user_id: string, rating: Review['rating'] = 5, headers = {}) =>
  createReview({ client, headers, body: { ...thing, user_id, rating, content: 'Does what it says.' } })

test('a write that is sent again is done once', async () => {
  const headers = { 'Idempotency-Key': randomUUID() }
  const [first, again] = [await written('ann', 5, headers), await written('ann', 5, headers)]
  assert.ok(first.data && again.data)
  assert.deepEqual(again.data, first.data)
  assert.equal(again.response?.headers.get('Idempotent-Replayed'), 'true')
})

test('a problem has a code to decide on, and members of its own', async () => {
  const { data: live } = await written('ben')
  const { error, response } = await written('ben')
  assert.equal(response?.status, 409)
  assert.ok(error?.code === 'review_already_exists')
  assert.equal(error.existing, `/api/v1/reviews/${live?.review_id}`)
})

test('a change is made to what was seen, or not at all', async () => {
  const { data: review } = await written('cat')
  assert.ok(review)
  const path = { review_id: review.review_id }
  const seen = await getReview({ client, path })
  const headers = { 'If-Match': seen.response?.headers.get('ETag') ?? '' }
  assert.equal((await updateReview({ client, path, headers, body: { rating: 1 } })).data?.version, 2)
  const late = await updateReview({ client, path, headers, body: { rating: 2 } })
  assert.equal(late.error?.code, 'version_mismatch')
  assert.equal((await deleteReview({ client, path })).response?.status, 204)
  assert.equal((await getReview({ client, path })).error?.code, 'review_deleted')
})

test('pages follow each other to the end, with the write before them', async () => {
  let token = ''
  for (const rating of [1, 2.5, 4, 4.5, 5] as const) {
    const { response } = await written(`reader-${rating}`, rating)
    token = response?.headers.get('Consistency-Token') ?? ''
  }
  type Page = Awaited<ReturnType<typeof listReviews>>
  const all: Review[] = []
  const query: NonNullable<ListReviewsData['query']> = { ...thing, sort: 'lowest', limit: 2 }
  let next: string | null
  do {
    const page: Page = await listReviews({ client, query, headers: { 'Consistency-Token': token } })
    assert.ok(page.data)
    assert.equal(page.response?.headers.get('Consistency-Status'), null)
    all.push(...page.data.items)
    next = page.data.next_cursor
    if (next) query.cursor = next
  } while (next !== null)
  const ratings = all.filter(({ user_id }) => user_id.startsWith('reader-')).map(({ rating }) => rating)
  assert.deepEqual(ratings, [1, 2.5, 4, 4.5, 5])
})
