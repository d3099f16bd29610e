import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../errors.ts'
import { MicroBatcher } from './micro-batcher.ts'

/** A run that ends when the test says so, and shows the batches that it got. */
function held() {
  const batches: (readonly number[])[] = []
  const ends: (() => void)[] = []
  const run = async (batch: readonly number[]) => {
    batches.push(batch)
    await new Promise<void>((resolve) => ends.push(resolve))
    return batch.map((command) => command * 10)
  }
  return { batches, run, end: () => ends.shift()?.() }
}

const refusal = (code: string) => Object.assign(new Error(`refused with ${code}`), { code })
const limits = { maxBatch: 128, maxWaiting: 1_000 }
const tick = () => new Promise(setImmediate)

test('a lone command starts at once', () => {
  const { batches, run } = held()
  void new MicroBatcher({ ...limits, run }).submit(1)
  assert.deepEqual(batches, [[1]])
})

test('what comes while a batch is under way goes together with the next, in order', async () => {
  const { batches, run, end } = held()
  const batcher = new MicroBatcher({ ...limits, run })
  const results = [1, 2, 3, 4].map((command) => batcher.submit(command))
  assert.deepEqual(batches, [[1]])
  end()
  await results[0]
  await tick()
  assert.deepEqual(batches, [[1], [2, 3, 4]])
  end()
  assert.deepEqual(await Promise.all(results), [10, 20, 30, 40])
})

test('the next batch is under way before anybody hears of the last one', async () => {
  const { batches, run, end } = held()
  const batcher = new MicroBatcher({ ...limits, run })
  const underWay = batcher.submit(1).then(() => batches.length)
  const last = batcher.submit(2)
  end()
  assert.equal(await underWay, 2)
  end()
  await last
})

test('a batch has its limit', async () => {
  const { batches, run, end } = held()
  const batcher = new MicroBatcher({ ...limits, maxBatch: 2, run })
  const results = [1, 2, 3, 4].map((command) => batcher.submit(command))
  for (const count of [1, 2, 3]) {
    assert.equal(batches.length, count)
    end()
    await tick()
  }
  assert.deepEqual(batches, [[1], [2, 3], [4]])
  await Promise.all(results)
})

test('whoever comes when too many wait is refused, and the others are not harmed', async () => {
  const { run, end } = held()
  const batcher = new MicroBatcher({ ...limits, maxWaiting: 2, run })
  const results = [1, 2, 3].map((command) => batcher.submit(command))
  await assert.rejects(
    batcher.submit(4),
    (error) => error instanceof AppError && error.code === 'unavailable' && error.verdict === 'retryable',
  )
  end()
  await tick()
  end()
  assert.deepEqual(await Promise.all(results), [10, 20, 30])
})

test('a command that is refused fails alone', async () => {
  const sizes: number[] = []
  const run = async (batch: readonly number[]) => {
    sizes.push(batch.length)
    if (batch.includes(3)) throw refusal('22021')
    return batch
  }
  const batcher = new MicroBatcher({ ...limits, run })
  const settled = await Promise.allSettled([1, 2, 3, 4].map((command) => batcher.submit(command)))
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(sizes, [1, 3, 1, 1, 1])
})

test('a deadlock is run again, as a whole, and not for ever', async () => {
  let conflicts = 2
  const sizes: number[] = []
  const run = async (batch: readonly number[]) => {
    sizes.push(batch.length)
    if (batch.length > 1 && conflicts-- > 0) throw refusal('40P01')
    return batch
  }
  const batcher = new MicroBatcher({ ...limits, run })
  assert.deepEqual(await Promise.all([1, 2, 3].map((command) => batcher.submit(command))), [1, 2, 3])
  assert.deepEqual(sizes, [1, 2, 2, 2])

  const always = new MicroBatcher<number, number>({
    ...limits,
    run: async () => Promise.reject(refusal('40001')),
  })
  await assert.rejects(always.submit(1), { code: '40001' })
})

test('a command that waits for a lock too long fails alone, and is not tried again', async () => {
  const sizes: number[] = []
  const run = async (batch: readonly number[]) => {
    sizes.push(batch.length)
    if (batch.includes(2)) throw refusal('55P03')
    return batch
  }
  const batcher = new MicroBatcher({ ...limits, run })
  const settled = await Promise.allSettled([1, 2, 3].map((command) => batcher.submit(command)))
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(sizes, [1, 2, 1, 1])
})

test('a database that is away fails the batch once, and the next goes on', async () => {
  let away = true
  let runs = 0
  const run = async (batch: readonly number[]) => {
    runs += 1
    if (away) throw refusal('ECONNREFUSED')
    return batch
  }
  const batcher = new MicroBatcher({ ...limits, run })
  const failed = await Promise.allSettled([1, 2, 3].map((command) => batcher.submit(command)))
  assert.ok(failed.every(({ status }) => status === 'rejected'))
  assert.equal(runs, 2)
  away = false
  assert.equal(await batcher.submit(4), 4)
})
