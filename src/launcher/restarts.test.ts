import assert from 'node:assert/strict'
import { test } from 'node:test'
import { delayAfter, isSpent } from './restarts.ts'

test('each failure in a row doubles the pause, up to a quarter of a minute', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7].map(delayAfter), [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
})

test('the fifth failure in a row counts as failed', () => {
  assert.deepEqual([1, 4, 5, 6].map(isSpent), [false, false, true, true])
})
