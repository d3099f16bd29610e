import assert from 'node:assert/strict'
import { createReplay } from '../../src/ops/dead-letters/replay-jobs.ts'
import { until } from '../support/until.ts'
import type { FaultCase } from './fault-case.ts'
import { settledReplay } from './settled-replay.ts'
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

const rejected = { consumerGroup: 'notification-service', errorCode: 'mail_rejected' }

/** Mails that the server refuses for good become dead letters; two replays of all of them run at once. */
export const replayedTwiceAtOnce: FaultCase = {
  name: 'dead letters replayed twice at once',
  async harm(system) {
    system.inbox.refusing = true
    await until(
      'some mails were refused',
      async () => (await system.countLetters({ ...rejected, state: 'open' })) >= 30,
      {
        timeoutMs: 60_000,
      },
    )
    system.inbox.refusing = false
    let resolved = 0
    // Letters still come in of mails that were refused before: on until none is open.
    while ((await system.countLetters({ ...rejected, state: 'open' })) > 0) {
      const jobs = await Promise.all([replayAll(system), replayAll(system)])
      for (const job of await Promise.all(jobs.map((id) => settledReplay(system, id)))) {
        assert.equal(job.failed, 0)
        resolved += job.resolved
      }
    }
    assert.equal(
      resolved,
      await system.countLetters({ ...rejected, state: 'resolved' }),
      'each letter is resolved by one of the jobs',
    )
    return { deadLetters: resolved }
  },
}

function replayAll(system: System): Promise<string> {
  return createReplay(system.pool, {
    filter: rejected,
    maxLetters: 10_000,
    ratePerSecond: 500,
    createdBy: 'faults',
  })
}
