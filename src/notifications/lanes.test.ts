import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inLanes } from './lanes.ts'

const items = Array.from({ length: 20 }, (_, i) => i)
const soon = () => new Promise<void>((resolve) => setImmediate(resolve))

test('every item is worked on once, in order, so many at a time and no more', async () => {
  const begun: number[] = []
  let [underWay, most] = [0, 0]
  await inLanes(3, items, async (item) => {
    begun.push(item)
    underWay += 1
    most = Math.max(most, underWay)
    await soon()
    underWay -= 1
  })
  assert.deepEqual(begun, items)
  assert.equal(most, 3)
})

test('after a failure nothing is begun, what is under way is finished, and the first failure is thrown', async () => {
  const finished: number[] = []
  const work = async (item: number) => {
    if (item === 4) throw new Error('first')
    await soon()
    if (item === 5) throw new Error('second')
    finished.push(item)
  }
  await assert.rejects(inLanes(3, items, work), /first/)
  assert.deepEqual(finished, [0, 1, 2, 3])
})
