import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLoop } from './schedule.ts'

test('requests are due evenly, the first at once', () => {
  const { dueMs } = openLoop(500, 0, 1_000)
  assert.deepEqual([0, 1, 2, 500].map(dueMs), [0, 2, 4, 1_000])
})

test('there are as many as rate and time make, and those of the warm-up do not count', () => {
  const schedule = openLoop(2_500, 2_000, 10_000)
  assert.equal(schedule.total, 30_000)
  assert.equal(schedule.firstMeasured, 5_000)
  assert.equal(schedule.dueMs(schedule.firstMeasured), 2_000)
})

test('a rate that does not divide a second keeps its pace', () => {
  const schedule = openLoop(3, 0, 10_000)
  assert.equal(schedule.total, 30)
  assert.equal(schedule.dueMs(30), 10_000)
})
