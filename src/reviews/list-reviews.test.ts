import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Queryable } from '../platform/postgres/pool.ts'
import { encodeCursor } from './cursor.ts'
import { type ListFilter, listReviews, nameOf, sorts } from './list-reviews.ts'

test('each kind of list has a statement of its own, under a name that Postgres does not cut', async () => {
  const texts = new Map<string, string>()
  const db = {
    query: async ({ name, text }: { name: string; text: string }) => {
      assert.ok(name.length <= 63, name)
      assert.equal(texts.get(name) ?? text, text, name)
      texts.set(name, text)
      return { rows: [] }
    },
  } as unknown as Queryable
  const all: Required<ListFilter> = { entity_type: 'product', entity_id: 'p', user_id: 'u', rating: 4 }
  const names = Object.keys(all) as (keyof ListFilter)[]
  const reviewId = '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c'
  for (const sort of sorts) {
    for (let kind = 0; kind < 2 ** names.length; kind++) {
      const given = names.filter((_, n) => kind & (1 << n)).map((name) => [name, all[name]])
      const list = { sort, filter: Object.fromEntries(given) as ListFilter }
      const value = sort === 'highest' || sort === 'lowest' ? 4 : '2026-01-01T00:00:00.000Z'
      await listReviews(db, list, { limit: 20 })
      await listReviews(db, list, { limit: 20, cursor: encodeCursor(nameOf(list), { value, reviewId }) })
    }
  }
  // Four orders, four filters, from the beginning and from a cursor.
  assert.equal(texts.size, 4 * 16 * 2)
})
