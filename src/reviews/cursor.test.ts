import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError } from '../platform/errors.ts'
import { decodeCursor, encodeCursor, type Place } from './cursor.ts'
import { nameOf } from './list-reviews.ts'

const list = nameOf({ filter: { entity_type: 'product', entity_id: 'prod-123' }, sort: 'newest' })
const place: Place = { value: '2026-11-23T12:00:00.000Z', reviewId: '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c' }
const refused = (error: unknown) => error instanceof AppError && error.code === 'invalid_cursor'

test('a cursor leads back to its place in its list', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.oneof(fc.string(), fc.integer({ min: 2, max: 10 })),
      fc.uuid(),
      (name, value, id) => {
        const place = { value: typeof value === 'number' ? value / 2 : value, reviewId: id }
        assert.deepEqual(
          decodeCursor(name, encodeCursor(name, place), () => true),
          place,
        )
      },
    ),
  )
})

test('a cursor is good for no other list', () => {
  const others = [
    { filter: { entity_type: 'product', entity_id: 'prod-123' }, sort: 'oldest' },
    { filter: { entity_type: 'product', entity_id: 'prod-124' }, sort: 'newest' },
    { filter: { entity_type: 'product', entity_id: 'prod-123', rating: 5 }, sort: 'newest' },
    { filter: { entity_type: 'product', user_id: 'prod-123' }, sort: 'newest' },
    { filter: {}, sort: 'newest' },
  ] as const
  for (const other of others) {
    assert.throws(() => decodeCursor(nameOf(other), encodeCursor(list, place), () => true), refused)
  }
})

test('a cursor with any character changed, added or taken away is refused', () => {
  const cursor = encodeCursor(list, place)
  fc.assert(
    fc.property(fc.nat(cursor.length - 1), fc.constantFrom(...'AZaz09-_=+/ '), (at, letter) => {
      const changed = cursor.slice(0, at) + letter + cursor.slice(at + 1)
      if (changed !== cursor) assert.throws(() => decodeCursor(list, changed, () => true), refused)
      assert.throws(() => decodeCursor(list, cursor.slice(0, at), () => true), refused)
      assert.throws(() => decodeCursor(list, cursor + letter, () => true), refused)
    }),
  )
})

test('a place that the list cannot have is refused, however well its cursor is made', () => {
  assert.throws(() => decodeCursor(list, encodeCursor(list, place), () => false), refused)
})

test('rubbish is refused', () => {
  const rubbish = ['', 'x', '{}', 'bnVsbA', Buffer.from('[1,2]').toString('base64url'), '\u0000', '💥', '%']
  for (const text of rubbish)
    assert.throws(() => decodeCursor(list, text, () => true), refused, JSON.stringify(text))
  fc.assert(
    fc.property(fc.string(), (text) => assert.throws(() => decodeCursor(list, text, () => true), refused)),
  )
})

test('helpful is the same list as newest, until there are votes', () => {
  const filter = { entity_id: 'prod-123', entity_type: 'product' }
  assert.equal(nameOf({ filter, sort: 'helpful' }), list)
})
