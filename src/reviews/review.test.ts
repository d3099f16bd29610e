import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Compile } from 'typebox/compile'
import { reviewCreated } from '../contracts/events/review-created.ts'
import { reviewDeleted } from '../contracts/events/review-deleted.ts'
import { reviewUpdated } from '../contracts/events/review-updated.ts'
import { create, type ReviewChanges, remove, update } from './review.ts'

const wanted = {
  review_id: '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c',
  user_id: 'user-456',
  entity_type: 'product',
  entity_id: 'prod-123',
  rating: 4.5,
  title: 'Good value',
  content: 'Does what it says.',
}
const noon = '2026-11-23T12:00:00.000Z'
const one = '2026-11-23T13:00:00.000Z'
const { review } = create(wanted, noon)
const { review_id, user_id, entity_type, entity_id } = wanted
const subject = { review_id, user_id, entity_type, entity_id }

test('a new review is at version 1, and its event says all of it', () => {
  const { review, event } = create(wanted, noon)
  assert.deepEqual(review, { ...wanted, version: 1, created_at: noon, updated_at: noon, deleted_at: null })
  assert.deepEqual(event, { event_type: 'review.created.v1', data: wanted })
  assert.ok(Compile(reviewCreated.data).Check(event.data))
})

test('an update changes what it names, and its event says what was and what is', () => {
  const decision = update(review, { rating: 3, title: null }, 'user-456', one)
  assert.ok(decision)
  assert.deepEqual(decision.review, { ...review, rating: 3, title: null, version: 2, updated_at: one })
  assert.deepEqual(decision.event, {
    event_type: 'review.updated.v1',
    data: {
      ...subject,
      changes: { rating: { old: 4.5, new: 3 }, title: { old: 'Good value', new: null } },
      updated_by: 'user-456',
    },
  })
  assert.ok(Compile(reviewUpdated.data).Check(decision.event.data))
})

test('an update says nothing of the fields that keep their value', () => {
  const decision = update(review, { rating: 4.5, content: 'Now broken.' }, 'user-456', one)
  assert.ok(decision?.event.event_type === 'review.updated.v1')
  assert.deepEqual(decision.event.data.changes, {
    content: { old: 'Does what it says.', new: 'Now broken.' },
  })
})

const nothing: ReviewChanges[] = [
  {},
  { rating: 4.5 },
  { rating: 4.5, title: 'Good value', content: 'Does what it says.' },
]
for (const changes of nothing) {
  test(`nothing happens by ${JSON.stringify(changes)}`, () => {
    assert.equal(update(review, changes, 'user-456', one), null)
  })
}

test('a deletion keeps the review, says who and why, and takes the next version', () => {
  const decision = remove(review, 'moderator-1', 'Spam', one)
  assert.ok(decision)
  assert.deepEqual(decision.review, { ...review, version: 2, updated_at: one, deleted_at: one })
  assert.deepEqual(decision.event, {
    event_type: 'review.deleted.v1',
    data: { ...subject, rating: 4.5, deleted_by: 'moderator-1', reason: 'Spam' },
  })
  assert.ok(Compile(reviewDeleted.data).Check(decision.event.data))
})

test('deleting again is the same as once', () => {
  const deleted = remove(review, 'user-456', null, one)
  assert.ok(deleted)
  assert.equal(remove(deleted.review, 'user-456', 'again', one), null)
})

test('time never runs backwards, whatever the clock says', () => {
  const before = '2026-11-23T11:00:00.000Z'
  assert.equal(update(review, { rating: 1 }, 'user-456', before)?.review.updated_at, noon)
  assert.equal(remove(review, 'user-456', null, before)?.review.deleted_at, noon)
})
