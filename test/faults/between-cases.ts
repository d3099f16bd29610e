import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { cacheKeys } from '../../src/contracts/cache-keys.ts'
import { topics } from '../../src/contracts/topics.ts'
import { headerText } from '../../src/platform/kafka/records.ts'
import { until } from '../support/until.ts'
import type { FaultCase } from './fault-case.ts'
import { mailsUnderWay } from './mails-under-way.ts'
import type { System } from './system.ts'

/** The cursor's row is locked: what is published now is acknowledged, and cannot be noted. */
const relayBeforeCursor: FaultCase = {
  name: 'the relay killed between acknowledgement and cursor',
  async harm(system) {
    const restarted = await system.whileLocked('select position from relay for update', async ([row]) => {
      const { position } = row as { position: number }
      await until('records lie beyond the cursor', async () => (await lastPosition(system)) > position)
      const ready = system.killUntilReady('relay')
      // Its last statement waits for the lock in a backend of its own, and would be carried out after its death.
      await system.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'thereview relay'",
      )
      // Not awaited here: the next relay cannot begin before the lock is gone.
      return { ready }
    })
    await restarted.ready
    return { atLeastRepeated: 1 }
  },
}

/** The position of the newest event on the topic. */
async function lastPosition(system: System): Promise<number> {
  const newest = await system.newestOn(topics.reviews.name)
  return Math.max(...newest.map(({ headers }) => Number(headerText(headers, 'position') ?? 0)))
}

/** Redis is frozen: statistics are committed, and the worker waits to raise their fence, before which no offset is. */
const analyticsBeforeCommit: FaultCase = {
  name: 'the analytics worker killed between effect and commit',
  async harm(system) {
    const killed = await system.whileFrozen('redis', async () => {
      await until('the worker waits for its fence', () => system.waitsForDependency('analytics-worker'))
      // Not awaited here: the next one may wait for Redis too.
      return { ready: system.killUntilReady('analytics-worker') }
    })
    await killed.ready
    return undefined
  },
}

/** A planted key is gone: the effect is there, and the offset waits for the next of the throttled commits. */
const cacheBeforeCommit: FaultCase = {
  name: 'the cache worker killed between effect and commit',
  async harm(system) {
    const redis = new Redis(system.stack.addresses.REDIS_URL ?? '')
    const entity = { entityType: 'product', entityId: 'prod-1' }
    const planted = cacheKeys.stats(entity)
    await redis.set(planted, 'planted')
    await until('the planted key is cleared', async () => (await redis.exists(planted)) === 0, { everyMs: 1 })
    await system.killUntilReady('cache-worker')
    redis.disconnect()
    return undefined
  },
}

/** The SMTP server has a mail and holds its answer: that mail is sent, and not noted. */
const notificationBeforeCommit: FaultCase = {
  name: 'the notification worker killed between the SMTP answer and the ledger',
  async harm(system) {
    system.inbox.holding = true
    try {
      await until('mails are held', () => system.inbox.held > 0)
      const restarted = system.killUntilReady('notification-worker')
      system.inbox.holding = false
      await restarted
    } finally {
      system.inbox.holding = false
    }
    return { repeatedMails: mailsUnderWay }
  },
}

const workers = ['analytics-worker', 'cache-worker', 'notification-worker'] as const

/** The letter is on its topic, and the offset waits for the next of the throttled commits. */
const beforeLetterCommit: FaultCase = {
  name: 'each worker killed between a dead letter and its commit',
  async harm(system) {
    const producer = system.kafka.producer()
    try {
      for (const worker of workers) {
        const before = await system.recordsOn(topics.deadLetters.name)
        await producer.send([
          { topic: topics.reviews.name, key: `poison-${randomUUID()}`, value: 'no JSON', headers: [] },
        ])
        await until(
          'a group has stored its letter',
          async () => (await system.recordsOn(topics.deadLetters.name)) > before,
          {
            everyMs: 1,
          },
        )
        await system.killUntilReady(worker)
      }
    } finally {
      await producer.close()
    }
    return {
      deadLetters: workers.length * workers.length,
      repeatedMails: mailsUnderWay,
      foreign: ({ key }) => key?.toString('utf8').startsWith('poison-') ?? false,
    }
  },
}

export const between: readonly FaultCase[] = [
  relayBeforeCursor,
  analyticsBeforeCommit,
  cacheBeforeCommit,
  notificationBeforeCommit,
  beforeLetterCommit,
]
