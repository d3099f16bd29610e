import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { FaultCase } from './fault-case.ts'

const writes = 1_000
const entities = 50
const atOnce = 10

/**
 * Each write is followed, 0 to 50 ms later, by the reads that would fill a cache with what it made old. The checker
 * then finds every statistic and every list as a recount has it.
 */
export const readsRightAfterWrites: FaultCase = {
  name: 'statistics and lists read 0 to 50 ms after each of a thousand writes',
  async harm(system) {
    const run = Date.now().toString(36)
    let next = 0
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let n = next++; n < writes; n = next++) {
          const entity = `stale-${run}-${n % entities}`
          const { status } = await system.post({
            entity_id: entity,
            user_id: `stale-${run}-${n}`,
            rating: 1 + (n % 9) / 2,
            content: 'Read soon after',
          })
          assert.equal(status, 201)
          await pause(Math.random() * 50)
          await Promise.all([
            read(`${system.apiUrl}/api/v1/entities/product/${entity}/stats`),
            read(`${system.apiUrl}/api/v1/reviews?entity_type=product&entity_id=${entity}`),
          ])
        }
      }),
    )
    return undefined
  },
}

async function read(url: string): Promise<void> {
  const answer = await fetch(url)
  assert.equal(answer.status, 200)
  await answer.text()
}
