// A list that is paged while it grows and shrinks shows what is in it all the time exactly once, in order.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { startTestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'

const api = await startTestApi(await createTestEnvironment())
after(() => api.stop())

interface Listed {
  readonly review_id: string
  readonly rating: number
  readonly created_at: string
}

const rating = fc.integer({ min: 2, max: 10 }).map((halves) => halves / 2)
/** What others do between two pages. A deletion takes whichever of the first reviews it says, unless it must stay. */
const happening = fc.oneof(
  rating.map((created) => ({ created })),
  fc.nat(30).map((deleted) => ({ deleted })),
  fc.record({
    changed: fc.nat(30),
    title: fc.string({ maxLength: 5 }).filter((text) => !text.includes('\0')),
  }),
)

const cases = fc.record({
  ratings: fc.array(rating, { minLength: 1, maxLength: 14 }),
  /** Which of them nobody touches. */
  staying: fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
  between: fc.array(fc.array(happening, { maxLength: 4 }), { maxLength: 10 }),
  sort: fc.constantFrom('newest', 'oldest', 'highest', 'lowest', 'helpful'),
  limit: fc.integer({ min: 1, max: 5 }),
})

test('paged in any order, by any limit, while others write, change and delete', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ ratings, staying, between, sort, limit }) => {
      const entity_id = randomUUID()
      const create = async (stars: number): Promise<Listed> => {
        const body = { entity_type: 'product', entity_id, user_id: randomUUID(), rating: stars, content: 'x' }
        return (await api.post(body)).json()
      }
      const first: Listed[] = []
      for (const stars of ratings) first.push(await create(stars))
      const stays = first.filter((_, index) => staying[index])
      const goes = first.filter((_, index) => !staying[index])

      const happen = async (what: Happening) => {
        if ('created' in what) return void (await create(what.created))
        const at = 'deleted' in what ? what.deleted : what.changed
        const review = goes[at % Math.max(goes.length, 1)]
        if (!review) return
        if ('deleted' in what) await api.remove(review.review_id)
        else await api.put(review.review_id, { title: what.title })
      }

      const shown: Listed[] = []
      const pending = [...between]
      let cursor: string | null = null
      do {
        const query = {
          entity_type: 'product',
          entity_id,
          sort,
          limit: String(limit),
          ...(cursor && { cursor }),
        }
        const page: { items: Listed[]; next_cursor: string | null } = (await api.list(query)).json()
        assert.ok(page.items.length <= limit)
        shown.push(...page.items)
        cursor = page.next_cursor
        for (const what of pending.shift() ?? []) await happen(what)
      } while (cursor !== null)

      const ids = shown.map(({ review_id }) => review_id)
      assert.equal(new Set(ids).size, ids.length, 'nothing is shown twice')
      const shownStaying = ids.filter((id) => stays.some(({ review_id }) => review_id === id))
      assert.deepEqual(shownStaying.toSorted(), stays.map(({ review_id }) => review_id).toSorted())
      assert.deepEqual(
        ids,
        [...shown].sort(orders[sort]).map(({ review_id }) => review_id),
      )
    }),
    { numRuns: 60 },
  )
})

type Happening = { created: number } | { deleted: number } | { changed: number; title: string }

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byTime = (a: Listed, b: Listed) =>
  byText(a.created_at, b.created_at) || byText(a.review_id, b.review_id)
const byRating = (a: Listed, b: Listed) => a.rating - b.rating || byText(a.review_id, b.review_id)
const orders: Readonly<Record<string, (a: Listed, b: Listed) => number>> = {
  newest: (a, b) => byTime(b, a),
  oldest: byTime,
  highest: (a, b) => byRating(b, a),
  lowest: byRating,
  helpful: (a, b) => byTime(b, a),
}
