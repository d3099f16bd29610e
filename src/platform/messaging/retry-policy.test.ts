import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topics } from '../../contracts/topics.ts'
import { nextDue } from './retry-policy.ts'

const start = new Date('2026-11-23T10:30:00.000Z')
const after = (milliseconds: number) => new Date(start.getTime() + milliseconds)

test('delays double from 5 s up to an hour, and the jitter takes off half at most', () => {
  const delays = (random: number) =>
    Array.from({ length: 13 }, (_, i) => {
      const due = nextDue({ attempt: i + 1, firstFailedAt: start, now: start }, () => random)
      return due === null ? null : (due.getTime() - start.getTime()) / 1000
    })
  assert.deepEqual(delays(1), [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600])
  assert.deepEqual(delays(0).slice(0, 3), [2.5, 5, 10])
})

for (const random of [0, 0.5, 1]) {
  test(`with jitter ${random} every attempt falls within what the topic keeps, and they end`, () => {
    let now = start
    let attempt = 1
    for (; attempt < 100; attempt += 1) {
      const due = nextDue({ attempt, firstFailedAt: start, now }, () => random)
      if (!due) break
      assert.ok(due > now)
      now = due
    }
    assert.ok(attempt <= 14)
    assert.ok(now.getTime() - start.getTime() < topics.retries.retentionMs)
  })
}

test('nothing is tried before the time that was asked for', () => {
  const due = nextDue({ attempt: 1, firstFailedAt: start, now: start, afterMs: 60_000 })
  assert.deepEqual(due, after(60_000))
  const late = { attempt: 2, firstFailedAt: start, now: start, afterMs: topics.retries.retentionMs }
  assert.equal(nextDue(late), null)
})
