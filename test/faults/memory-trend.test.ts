import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growth } from './memory-trend.ts'

const minute = 60_000
const samples = (bytes: (n: number) => number) =>
  Array.from({ length: 20 }, (_, n) => ({ age: (n + 4) * minute, at: n * minute, bytes: bytes(n) }))

test('memory that stays has no growth, whatever its noise', () => {
  assert.ok(Math.abs(growth(samples((n) => 100 + (n % 2)))) < 0.01)
})

test('memory that grows by a tenth of its mean is found', () => {
  assert.ok(Math.abs(growth(samples((n) => 95 + (10 * n) / 19)) - 0.1) < 0.001)
})

test('a process that has just started is not judged, nor one that lives for moments', () => {
  const starting = samples((n) => 100 + n).map(({ age, ...rest }) => ({ ...rest, age: age / 10 }))
  assert.equal(growth(starting), 0)
  assert.equal(growth(samples((n) => 100 + n).slice(0, 5)), 0)
})

test('a process that was started again is not held against the one before it', () => {
  const before = samples(() => 100)
  const after = samples(() => 200).map(({ at, age, bytes }) => ({ at: at + 60 * minute, age, bytes }))
  assert.equal(growth([...before, ...after]), 0)
  const leaking = samples((n) => 95 + (10 * n) / 19).map((one) => ({ ...one, at: one.at + 60 * minute }))
  assert.ok(growth([...before, ...leaking]) > 0.09)
})
