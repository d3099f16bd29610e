import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { reviewUpdated } from '../contracts/events/review-updated.ts'
import { exampleOf } from '../contracts/example.ts'
import { recordLine } from './events-tail.ts'

const record = {
  topic: 'reviews.events',
  partition: 2,
  offset: 41,
  key: 'k',
  position: 7,
  recorded_at: '2026-11-23T10:30:00.000Z',
  event: exampleOf(reviewUpdated),
  problem: null,
}

test('an event is one line, cut to the width of the terminal', () => {
  const line = stripVTControlCharacters(recordLine(record, 120))
  assert.match(line, /^10:30:00\.000 {2}review\.updated\.v1 {2}019a0c5e-\S+ v1 {2}\{"review_id":"[^\n]*…\n$/)
  assert.ok(line.length <= 121)
})

test('what is no event says where it lies and why', () => {
  const line = recordLine({ ...record, event: null, problem: 'undecodable: the value is empty' })
  assert.equal(stripVTControlCharacters(line), 'reviews.events/2@41  undecodable: the value is empty\n')
})
