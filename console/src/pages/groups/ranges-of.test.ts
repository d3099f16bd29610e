import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rangesOf } from './ranges-of.ts'

test('partitions of a member are told as ranges, topic by topic', () => {
  assert.equal(rangesOf([]), '')
  assert.equal(rangesOf(['reviews.events-2', 'reviews.events-0', 'reviews.events-1']), 'reviews.events 0–2')
  assert.equal(rangesOf(['a-0', 'a-2', 'a-10', 'a-11', 'b-c-7']), 'a 0, 2, 10–11 · b-c 7')
})
