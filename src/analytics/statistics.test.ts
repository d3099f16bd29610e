import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { averageOf, bayesianAverageOf, toStatistics } from './statistics.ts'

const prior = { mean: 3.5, weight: 10 }
const entity = { entityType: 'product', entityId: 'p1' }

test('an entity without reviews has zeros, all nine ratings and no time', () => {
  assert.equal(
    JSON.stringify(toStatistics(entity, undefined, prior)),
    '{"entity_type":"product","entity_id":"p1","count":0,"average":0,' +
      '"histogram":{"1":0,"2":0,"3":0,"4":0,"5":0,"1.5":0,"2.5":0,"3.5":0,"4.5":0},' +
      '"bayesian_average":0,"updated_at":null,"revision":0,"position":0}',
  )
})

test('count and averages follow from the histogram', () => {
  const row = {
    histogram: [0, 1, 0, 0, 0, 0, 0, 1, 2],
    revision: 7,
    position: 41,
    updatedAt: new Date('2026-11-23T10:30:00.120Z'),
  }
  assert.deepEqual(toStatistics(entity, row, prior), {
    entity_type: 'product',
    entity_id: 'p1',
    count: 4,
    // (1.5 + 4.5 + 5 + 5) / 4
    average: 4,
    histogram: { 1: 0, 1.5: 1, 2: 0, 2.5: 0, 3: 0, 3.5: 0, 4: 0, 4.5: 1, 5: 2 },
    // (35 + 16) / 14 = 3.6428…
    bayesian_average: 3.64,
    updated_at: '2026-11-23T10:30:00.120Z',
    revision: 7,
    position: 41,
  })
})

const averages: [count: number, halves: number, average: number][] = [
  [0, 0, 0],
  [1, 9, 4.5],
  [3, 26, 4.33],
  // 1.005, which is no binary fraction and less than itself in floating point.
  [100, 201, 1.01],
  // 4.125: half up, not to even.
  [4, 33, 4.13],
  [8, 67, 4.19],
]

for (const [count, halves, average] of averages) {
  test(`${halves} halves in ${count} reviews average ${average}`, () => {
    assert.equal(averageOf(count, halves), average)
  })
}

test('the bayesian average is exact for any prior, and without one the average', () => {
  assert.equal(bayesianAverageOf(1, 10, prior), 3.64)
  assert.equal(bayesianAverageOf(1, 10, { mean: 3.5, weight: 0 }), 5)
  // (3.01 × 0.5 + 2.5) / 1.5 = 2.67
  assert.equal(bayesianAverageOf(1, 5, { mean: 3.01, weight: 0.5 }), 2.67)
  // (35 + 30) / 40 = 1.625: half up, not to even.
  assert.equal(bayesianAverageOf(30, 60, prior), 1.63)
})

test('averages lie within half a hundredth of the quotient, and have two decimals', () => {
  const halvesOf = fc.array(fc.integer({ min: 2, max: 10 }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(halvesOf, (all) => {
      const sum = all.reduce((total, halves) => total + halves, 0)
      const average = averageOf(all.length, sum)
      assert.ok(Math.abs(average - sum / 2 / all.length) <= 0.005 + 1e-9)
      assert.equal(average, Number(average.toFixed(2)))
      const bayesian = bayesianAverageOf(all.length, sum, prior)
      assert.ok(Math.abs(bayesian - (35 + sum / 2) / (10 + all.length)) <= 0.005 + 1e-9)
    }),
  )
})
