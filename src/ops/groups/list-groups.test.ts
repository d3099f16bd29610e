import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catchUpSeconds } from './list-groups.ts'

const points = (...lags: number[]) =>
  lags.map((lag, index) => ({ at: new Date(index * 10_000).toISOString(), lag }))

test('a lag that shrinks by ten a second is gone after a tenth of it', () =>
  assert.equal(catchUpSeconds(500, points(900, 800, 700, 600, 500)), 50))

test('a lag that grows has no end in sight', () =>
  assert.equal(catchUpSeconds(20, points(5, 10, 15, 20)), null))

test('where there is no lag, nothing is to catch up', () => assert.equal(catchUpSeconds(0, []), 0))

test('one look tells nothing yet', () => assert.equal(catchUpSeconds(9, points(9)), null))
