import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Histogram } from './histogram.ts'

test('nothing recorded has no percentile', () => {
  assert.equal(new Histogram().percentile(0.5), null)
})

test('a percentile is the nearest rank, and the last one the longest', () => {
  const histogram = new Histogram()
  for (let ms = 1; ms <= 100; ms += 1) histogram.record(ms / 100)
  assert.equal(histogram.percentile(0.5), 0.5)
  assert.equal(histogram.percentile(0.99), 0.99)
  assert.equal(histogram.percentile(0), 0.01)
  assert.equal(histogram.percentile(1), 1)
})

test('what takes longer than the histogram can tell is counted all the same, and is the longest', () => {
  const histogram = new Histogram()
  histogram.record(1e9)
  assert.equal(histogram.count, 1)
  assert.equal(histogram.maxMs, 1e9)
})

test('any percentile is within a thousandth of the sorted values, and never below', () => {
  const latencies = fc.array(fc.double({ min: 0.001, max: 100_000, noNaN: true }), {
    minLength: 1,
    maxLength: 300,
  })
  fc.assert(
    fc.property(latencies, fc.double({ min: 0, max: 1, noNaN: true }), (values, part) => {
      const histogram = new Histogram()
      for (const value of values) histogram.record(value)
      const sorted = values.toSorted((a, b) => a - b)
      const truth = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0
      const told = histogram.percentile(part) ?? 0
      // Half a microsecond is lost where it is rounded.
      assert.ok(told >= truth - 0.0005 && told <= truth * 1.001 + 0.0015, `${told} for ${truth}`)
    }),
  )
})

test('it goes on in another process from what it held', () => {
  const first = new Histogram()
  first.record(1)
  const second = new Histogram(structuredClone(first.state))
  second.record(3)
  assert.equal(second.count, 2)
  assert.equal(second.percentile(0.5), 1)
  assert.equal(second.maxMs, 3)
})
