// Lists: order, filter, pages that stay right while the list grows, and the cache that is never older than a write.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aReview, startTestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'

interface Item {
  review_id: string
  user_id: string
  rating: number
  created_at: string
}

const api = await startTestApi(await createTestEnvironment())
after(() => api.stop())

async function created(changes: object): Promise<Item> {
  const answer = await api.post({ ...aReview, ...changes })
  assert.equal(answer.statusCode, 201, answer.body)
  return answer.json()
}

async function page(query: Record<string, string>): Promise<{ items: Item[]; next_cursor: string | null }> {
  const answer = await api.list(query)
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json()
}

async function all(
  query: Record<string, string>,
  between: () => Promise<unknown> = async () => null,
): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | null = null
  do {
    const answer = await page({ ...query, ...(cursor && { cursor }) })
    items.push(...answer.items)
    cursor = answer.next_cursor
    if (cursor) await between()
  } while (cursor)
  return items
}

const entity = { entity_type: 'product', entity_id: 'listed' }
const reviews: Item[] = []
for (let nth = 0; nth < 30; nth += 1) {
  reviews.push(await created({ ...entity, user_id: `user-${nth % 30}`, rating: 1 + (nth % 9) / 2 }))
}
await created({ entity_type: 'service', entity_id: 'listed', user_id: 'user-1' })
await created({ entity_type: 'product', entity_id: 'other', user_id: 'user-1' })

const ids = (items: readonly Item[]) => items.map(({ review_id }) => review_id)
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byTime = (a: Item, b: Item) => byText(a.created_at, b.created_at) || byText(a.review_id, b.review_id)
const byRating = (a: Item, b: Item) => a.rating - b.rating || byText(a.review_id, b.review_id)

const orders: [sort: string, expected: Item[]][] = [
  ['newest', reviews.toSorted((a, b) => byTime(b, a))],
  ['oldest', reviews.toSorted(byTime)],
  ['highest', reviews.toSorted((a, b) => byRating(b, a))],
  ['lowest', reviews.toSorted(byRating)],
  ['helpful', reviews.toSorted((a, b) => byTime(b, a))],
]
for (const [sort, expected] of orders) {
  for (const limit of ['1', '7', '15', '30', '100']) {
    test(`${sort} in pages of ${limit}: all, once, in order, ties by id`, async () => {
      assert.deepEqual(ids(await all({ ...entity, sort, limit })), ids(expected))
    })
  }
}

test('newest and 20 are what a list is without being asked', async () => {
  assert.deepEqual(await page(entity), await page({ ...entity, sort: 'newest', limit: '20' }))
  assert.equal((await page(entity)).items.length, 20)
})

const filters: [query: Record<string, string>, expected: (item: Item) => boolean][] = [
  [{ ...entity, rating: '1.5' }, ({ rating }) => rating === 1.5],
  [{ ...entity, rating: '5' }, ({ rating }) => rating === 5],
  [{ ...entity, rating: '5.0', sort: 'lowest' }, ({ rating }) => rating === 5],
  [{ ...entity, user_id: 'user-3' }, ({ user_id }) => user_id === 'user-3'],
  [{ ...entity, user_id: 'nobody' }, () => false],
]
for (const [query, expected] of filters) {
  test(`the filter ${JSON.stringify(query)} is exact`, async () => {
    const listed = ids(await all({ ...query, limit: '2' })).sort()
    assert.deepEqual(listed, ids(reviews.filter(expected)).sort())
  })
}

test('filters stand alone too: by user, by entity type, by nothing', async () => {
  assert.equal((await all({ user_id: 'user-1' })).length, 3)
  assert.equal((await all({ entity_type: 'service' })).length, 1)
  assert.equal((await all({ entity_id: 'listed' })).length, 31)
  assert.equal((await all({})).length, 32)
})

test('a cursor is good for its filter and order alone, at any limit', async () => {
  const { next_cursor: cursor } = await page({ ...entity, limit: '2' })
  assert.ok(cursor)
  assert.equal((await page({ ...entity, limit: '5', cursor })).items.length, 5)
  const others = [
    { ...entity, sort: 'oldest' },
    { ...entity, rating: '5' },
    { entity_type: 'product' },
    { entity_type: 'service', entity_id: 'listed' },
    {},
  ]
  for (const query of [
    ...others.map((other) => ({ ...other, cursor })),
    { ...entity, cursor: `${cursor}x` },
  ]) {
    const answer = await api.list(query)
    assert.equal(answer.statusCode, 400)
    assert.equal(answer.json().code, 'invalid_cursor')
  }
})

test('a list that grows and shrinks while it is paged shows what stays exactly once', async () => {
  const grown = { entity_type: 'product', entity_id: 'growing' }
  const before: Item[] = []
  for (let nth = 0; nth < 20; nth += 1)
    before.push(await created({ ...grown, user_id: `u-${nth}`, rating: 3 }))
  for (const sort of ['newest', 'oldest', 'highest', 'lowest']) {
    let nth = 0
    const seen = await all({ ...grown, sort, limit: '3' }, async () => {
      nth += 1
      const added = await created({ ...grown, user_id: `${sort}-${nth}`, rating: 1 + (nth % 9) / 2 })
      if (nth % 2 === 0) await api.remove(added.review_id)
    })
    assert.equal(new Set(ids(seen)).size, seen.length, sort)
    for (const { review_id } of before) assert.ok(ids(seen).includes(review_id), sort)
  }
})

test('a deleted review is in no list', async () => {
  const gone = await created({ entity_id: 'gone', user_id: 'gone' })
  await api.remove(gone.review_id)
  assert.deepEqual(await page({ user_id: 'gone' }), { items: [], next_cursor: null })
})

test('whoever sends a Consistency-Token back sees that very write, through the cache, a hundred times', async () => {
  const mine = { entity_type: 'product', entity_id: 'own-writes' }
  await api.list(mine)
  for (let nth = 0; nth < 100; nth += 1) {
    const written = await api.post({ ...aReview, ...mine, user_id: `u-${nth}` })
    // Somebody else reads, and fills the cache.
    await api.list({ ...mine, limit: '100' })
    const changed =
      nth % 3 === 0 ? await api.put(written.json().review_id, { content: `Changed ${nth}.` }) : written
    const answer = await api.list(
      { ...mine, limit: '100' },
      { 'consistency-token': String(changed.headers['consistency-token']) },
    )
    assert.equal(answer.headers['consistency-status'], undefined)
    const item = answer.json().items.find((item: Item) => item.review_id === written.json().review_id)
    assert.deepEqual(item, changed.json())
  }
})

test('the token of a deletion, and of a repeated one, is honoured too', async () => {
  const mine = { entity_type: 'product', entity_id: 'own-deletions' }
  const review = await created({ ...mine, user_id: 'u' })
  await api.list(mine)
  for (const answer of [await api.remove(review.review_id), await api.remove(review.review_id)]) {
    const headers = { 'consistency-token': String(answer.headers['consistency-token']) }
    assert.deepEqual((await api.list(mine, headers)).json().items, [])
  }
})
