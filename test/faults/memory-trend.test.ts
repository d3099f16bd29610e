import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growth } from './memory-trend.ts'

const minute = 60_000
const samples = (bytes: (n: number) => number) =>
  Array.from({ length: 20 }, (_, n) => ({ age: (n + 2) * minute, at: n * minute, bytes: bytes(n) }))

test('memory that stays has no growth, whatever its noise', () => {
  assert.ok(Math.abs(growth(samples((n) => 100 + (n % 2)))) < 0.01)
})

test('memory that grows by a tenth of its mean is found', () => {
  assert.ok(Math.abs(growth(samples((n) => 95 + (10 * n) / 19)) - 0.1) < 0.001)
})

test('a process that has just started is not judged', () => {
  assert.equal(
    growth([
      { age: 1, at: 0, bytes: 1 },
      { age: 2, at: 1, bytes: 100 },
    ]),
    0,
  )
})
