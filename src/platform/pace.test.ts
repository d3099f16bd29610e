import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pace, roundMs } from './pace.ts'

/** Whether the next round may begin before anything else gets a turn of the timers. */
async function isAtOnce(items: number, begun = performance.now()): Promise<boolean> {
  let passed = false
  void pace(begun, { items, most: 500 }).then(() => {
    passed = true
  })
  await Promise.resolve()
  await Promise.resolve()
  return passed
}

test('a few items and a full round are followed at once', async () => {
  for (const items of [0, 1, 3, 500]) assert.equal(await isAtOnce(items), true, `${items}`)
})

test('a round that took longer than its time is followed at once', async () => {
  assert.equal(await isAtOnce(4, performance.now() - 50), true)
})

test('a round that is load, and not full, is followed the later the more it carried', async () => {
  const lengths = [0, 3, 4, 50, 175, 499, 500].map((items) => roundMs({ items, most: 500 }))
  assert.deepEqual(lengths, [0, 0, 31.6, 50, 100, 100, 0])
  for (const items of [4, 499]) assert.equal(await isAtOnce(items, performance.now() + 1_000), false)
})
