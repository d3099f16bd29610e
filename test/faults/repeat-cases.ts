import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { indexDeadLetters } from '../../src/ops/dead-letters/letter-index.ts'
import { letterSource } from '../../src/ops/dead-letters/letter-source.ts'
import { groupLetters } from '../../src/ops/dead-letters/letters.ts'
import { createReplay, findReplay } from '../../src/ops/dead-letters/replay-jobs.ts'
import { until } from '../support/until.ts'
import type { FaultCase } from './fault-case.ts'
import type { System } from './system.ts'

/** The cursor goes back to the beginning, so the relay publishes the whole log once more. */
export const everyEventTwice: FaultCase = {
  name: 'every event produced twice',
  async harm(system) {
    await system.stack.stopPart('relay')
    await system.pool.query('update relay set position = 0')
    await system.stack.startPart('relay')
    return { atLeastRepeated: 100 }
  },
}

/** Mails that the server refuses for good become dead letters; two replays of all of them run at once. */
export const replayedTwiceAtOnce: FaultCase = {
  name: 'dead letters replayed twice at once',
  async harm(system) {
    const before = await openLetters(system)
    system.inbox.refusing = true
    await until('some mails were refused', async () => (await openLetters(system)) >= before + 30, {
      timeoutMs: 60_000,
    })
    system.inbox.refusing = false
    // What was refused while the flag was down has become a letter too, before both jobs take their pick.
    await pause(2_000)
    const refused = (await openLetters(system)) - before
    const request = {
      filter: { consumerGroup: 'notification-service', errorCode: 'mail_rejected' },
      maxLetters: 10_000,
      ratePerSecond: 500,
      createdBy: 'faults',
    }
    const jobs = await Promise.all([createReplay(system.pool, request), createReplay(system.pool, request)])
    await until(
      'every letter has an outcome',
      async () => {
        const found = await Promise.all(jobs.map((id) => findReplay(system.pool, id)))
        return found.every((job) => job && job.pending + job.sent === 0)
      },
      { timeoutMs: 60_000 },
    )
    const [one, other] = await Promise.all(jobs.map((id) => findReplay(system.pool, id)))
    assert.equal(
      (one?.resolved ?? 0) + (other?.resolved ?? 0),
      refused,
      'each letter is resolved by one of the jobs',
    )
    assert.equal(await openLetters(system), before)
    return { deadLetters: refused }
  },
}

async function openLetters(system: System): Promise<number> {
  const reader = system.kafka.recordReader()
  try {
    await indexDeadLetters(system.pool, letterSource(reader))
  } finally {
    await reader.close()
  }
  const groups = await groupLetters(system.pool, { state: 'open' })
  return groups.reduce((sum, { count }) => sum + count, 0)
}
