import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RateLimiter } from './rate-limiter.ts'

/** Counters that all limiters of a test share, and a clock. */
function shared() {
  const totals = new Map<string, number>()
  const clock = { now: Date.parse('2026-11-23T10:30:20.500Z'), away: false }
  const limiter = () =>
    new RateLimiter({
      addToCounts: async (additions) => {
        if (clock.away) throw new Error('redis is away')
        for (const [key, n] of additions) totals.set(key, (totals.get(key) ?? 0) + n)
        return new Map([...additions.keys()].map((key) => [key, totals.get(key) ?? 0]))
      },
      now: () => new Date(clock.now),
      onError: () => undefined,
    })
  return { limiter, clock, totals }
}

test('so many requests of one pass in a minute, and then none until the next', () => {
  const { limiter, clock } = shared()
  const one = limiter()
  assert.deepEqual(one.take('a', 2), { limit: 2, remaining: 1, resetSeconds: 40, exceeded: false })
  assert.deepEqual(one.take('a', 2), { limit: 2, remaining: 0, resetSeconds: 40, exceeded: false })
  assert.deepEqual(one.take('a', 2), { limit: 2, remaining: 0, resetSeconds: 40, exceeded: true })
  assert.equal(one.take('b', 2).exceeded, false)
  clock.now = Date.parse('2026-11-23T10:30:59.999Z')
  assert.deepEqual(one.take('a', 2), { limit: 2, remaining: 0, resetSeconds: 1, exceeded: true })
  clock.now = Date.parse('2026-11-23T10:31:00.000Z')
  assert.deepEqual(one.take('a', 2), { limit: 2, remaining: 1, resetSeconds: 60, exceeded: false })
})

test('instances add up what they counted', async () => {
  const { limiter } = shared()
  const [one, other] = [limiter(), limiter()]
  one.take('a', 5)
  one.take('a', 5)
  other.take('a', 5)
  await one.share()
  await other.share()
  assert.equal(other.take('a', 5).remaining, 1)
  assert.equal(one.take('a', 5).remaining, 2)
  await other.share()
  await one.share()
  assert.equal(one.take('a', 5).exceeded, true)
})

test('what is counted while others are asked is not lost', async () => {
  const { limiter } = shared()
  const one = limiter()
  one.take('a', 9)
  const sharing = one.share()
  one.take('a', 9)
  await sharing
  assert.equal(one.take('a', 9).remaining, 6)
})

test('alone an instance goes on with its own count, and tells it later', async () => {
  const { limiter, clock, totals } = shared()
  const one = limiter()
  clock.away = true
  one.take('a', 3)
  one.take('a', 3)
  await assert.rejects(one.share())
  assert.equal(one.take('a', 3).exceeded, false)
  assert.equal(one.take('a', 3).exceeded, true)
  clock.away = false
  await one.share()
  assert.deepEqual([...totals.values()], [3])
})

test('what could not be shared is shared as soon as that can be', async () => {
  const { limiter, clock, totals } = shared()
  const one = limiter()
  one.take('a', 3)
  clock.away = true
  await assert.rejects(one.share())
  clock.away = false
  await one.share()
  await one.share()
  assert.deepEqual([...totals.values()], [1])
})

test('what is refused is not counted, and what was counted in another minute is not shared', async () => {
  const { limiter, clock, totals } = shared()
  const one = limiter()
  for (let n = 0; n < 10; n += 1) one.take('a', 2)
  await one.share()
  assert.deepEqual([...totals.values()], [2])
  one.take('b', 2)
  clock.now += 60_000
  one.take('c', 2)
  await one.share()
  assert.deepEqual(
    [...totals.keys()].map((key) => key.at(-1)),
    ['a', 'c'],
  )
})

test('the room for counts is bounded', () => {
  const { limiter } = shared()
  const one = limiter()
  one.take('first', 1)
  for (let n = 0; n < 100_000; n += 1) one.take(`other ${n}`, 1)
  assert.equal(one.take('first', 1).exceeded, false)
  assert.equal(one.take('other 99999', 1).exceeded, true)
})
