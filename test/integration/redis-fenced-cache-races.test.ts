import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { Registry } from 'prom-client'
import { createRedis, type RedisClient } from '../../src/platform/redis/client.ts'
import { createFencedCache } from '../../src/platform/redis/fenced-cache.ts'
import { createTestEnvironment } from '../support/environment.ts'

let redis: RedisClient

before(async () => {
  const { REDIS_URL } = await createTestEnvironment()
  redis = createRedis({ url: REDIS_URL, name: 'test', commandTimeoutMs: 5_000 })
  await once(redis, 'ready')
})

after(() => redis.disconnect())

const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('read' as const), process: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('write' as const), process: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose everything' as const), process: fc.nat(1) }) },
)

/** One step: what it sent to Redis is answered before the next begins, so that the order is the scheduler's. */
async function settled(step: () => Promise<void>): Promise<void> {
  await step()
  await redis.ping()
  await setImmediate()
}

let runs = 0

test('no reader gets, and nothing is kept, that is older than a fence that was raised before', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler({ act: settled }),
      fc.array(action, { minLength: 2, maxLength: 14 }),
      async (s, actions) => {
        const key = `raced:${runs++}`
        const processes = [0, 1].map(() =>
          createFencedCache({ redis, ttlSeconds: 60, metrics: new Registry() }),
        )
        let committed = 0
        let told = 0
        const pause = (what: string) => s.schedule(Promise.resolve(), what)

        const load = async () => {
          const mark = committed
          await pause('the statement answers')
          return { mark, body: `${mark}` }
        }
        const act = async ({ kind, process }: (typeof actions)[number]) => {
          await pause(kind)
          const cache = processes[process] ?? assert.fail()
          if (kind === 'lose everything') return void (await redis.flushdb())
          if (kind === 'read') {
            const atLeast = told
            const { mark, body } = await cache.read(key, '', load)
            assert.equal(body, `${mark}`)
            assert.ok(mark >= atLeast, `${mark} was answered after a fence at ${atLeast}`)
            return
          }
          const mark = ++committed
          await pause('fence')
          await cache.fence([{ key, mark }])
          told = Math.max(told, mark)
        }

        await s.waitFor(Promise.all(actions.map(act)))
        const kept = await redis.hget(key, '=')
        assert.ok(kept === null || Number(kept.split(' ')[0]) >= told, `${kept} is kept below ${told}`)
      },
    ),
    { numRuns: 300 },
  )
})
