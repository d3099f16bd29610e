import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { replication, topics } from '../../src/contracts/topics.ts'
import { createReplay } from '../../src/ops/dead-letters/replay-jobs.ts'
import { applyTopics } from '../../src/platform/kafka/apply-topics.ts'
import { rewind } from '../../src/platform/log/relay-lease.ts'
import { until } from '../support/until.ts'
import type { FaultCase } from './fault-case.ts'
import { fullDisk } from './full-disk-case.ts'
import { reassign } from './reassign.ts'
import { settledReplay } from './settled-replay.ts'
import type { System } from './system.ts'

const rollingRestart: FaultCase = {
  name: 'a rolling restart of all brokers',
  async harm(system) {
    for (const part of ['kafka-1', 'kafka-2', 'kafka-3'] as const) {
      await system.stack.restartPart(part)
      await system.untilInSync()
    }
    return undefined
  },
}

/** Each partition loses its leader to the other replicas, and gets it back as their last. */
const reassignment: FaultCase = {
  name: 'partitions reassigned away from their leaders, and back',
  async harm(system) {
    const before = await system.partitionsOf(topics.reviews.name)
    const move = async (
      replicasOf: (replicas: readonly number[], leader: number | null) => readonly number[],
    ) => {
      const plan = before.map(({ partition, replicas, leader }) => ({
        partition,
        replicas: replicasOf(replicas, leader),
      }))
      await reassign(system.brokers[0] ?? '', topics.reviews.name, plan)
      await until(
        'the replicas are where they should be',
        async () =>
          (await system.partitionsOf(topics.reviews.name)).every(({ partition, replicas, inSync }) => {
            const wanted = plan[partition]?.replicas ?? []
            return replicas.join() === wanted.join() && inSync.length === wanted.length
          }),
        { timeoutMs: 60_000, everyMs: 200 },
      )
    }
    await move((replicas, leader) => replicas.filter((replica) => replica !== leader))
    await move((replicas, leader) => [...replicas.filter((replica) => replica !== leader), leader ?? 1])
    return undefined
  },
}

const frozenWorker: FaultCase = {
  name: 'a worker frozen beyond its session, and thawed',
  async harm(system) {
    await system.whileFrozen('analytics-worker', () => pause(10_000))
    return undefined
  },
}

const joinsAndLeaves: FaultCase = {
  name: 'ten members join the group and leave it',
  async harm(system) {
    for (let n = 0; n < 10; n++) {
      const leave = system.startAnother('analytics-worker')
      await pause(1_500)
      await leave()
    }
    return undefined
  },
}

const registryDown: FaultCase = {
  name: 'the schema registry away while the relay and a worker start',
  async harm(system) {
    await system.stack.stopPart('schema-registry')
    await system.killUntilReady('relay')
    await system.killUntilReady('analytics-worker')
    await system.stack.startPart('schema-registry')
    return undefined
  },
}

/** Somebody holds the counter row, so no write can commit: the API answers what it cannot take, and soon. */
const connectionsExhausted: FaultCase = {
  name: 'every write blocked and three thousand more posted at once: 503 with Retry-After',
  async harm(system) {
    const memoryBefore = await memoryOf(system)
    const flood = await system.whileLocked('select from log_head for update', async () => {
      const posts = Array.from({ length: 3_000 }, (_, n) =>
        system.post({
          entity_id: `flood-${n % 50}`,
          user_id: `flood-${Date.now()}-${n}`,
          rating: 3,
          content: 'One of many at once',
        }),
      )
      await pause(4_000)
      return { posts }
    })
    const answers = await Promise.all(flood.posts)
    const refused = answers.filter(({ status }) => status === 503)
    assert.ok(refused.length > 0, 'some are refused')
    assert.ok(
      refused.every(({ retryAfter }) => retryAfter !== null),
      'each with Retry-After',
    )
    assert.deepEqual(new Set(answers.map(({ status }) => status)).difference(new Set([201, 503])), new Set())
    assert.ok((await memoryOf(system)) < memoryBefore + 150 * 1024 * 1024, 'memory is bounded')
    return undefined
  },
}

async function memoryOf(system: System): Promise<number> {
  const answer = await fetch(`${system.apiUrl}/metrics`)
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(await answer.text())?.[1] ?? Number.NaN)
}

/** One entity's statistics cannot be written; all others go on, and nothing of the one is lost. */
const failingKey: FaultCase = {
  name: 'a key that fails among good keys, mended and replayed',
  async harm(system) {
    await system.pool.query(`
      create or replace function refuse_entity() returns trigger language plpgsql as $$
        begin raise exception 'this entity is cursed'; end $$;
      create trigger refuse_entity before insert or update on analytics.entity_stats for each row
        when (new.entity_id = 'cursed') execute function refuse_entity()`)
    const before = await system.countLetters({})
    for (let n = 0; n < 5; n++) {
      const user = `cursed-${Date.now()}-${n}`
      const { status } = await system.post({
        entity_id: 'cursed',
        user_id: user,
        rating: 2,
        content: 'Of a cursed thing',
      })
      assert.equal(status, 201)
    }
    await until('five letters', async () => (await system.countLetters({})) === before + 5, {
      timeoutMs: 60_000,
    })
    await system.pool.query('drop trigger refuse_entity on analytics.entity_stats')
    const replay = await createReplay(system.pool, {
      filter: { consumerGroup: 'analytics-service', errorCode: 'handler_error' },
      maxLetters: 100,
      ratePerSecond: 100,
      createdBy: 'faults',
    })
    const job = await settledReplay(system, replay)
    assert.equal(job.resolved, 5)
    return { deadLetters: 5 }
  },
}

/** One review's row is locked for a minute: who wants that one is told so, and soon; nobody else notices. */
const openTransaction: FaultCase = {
  name: 'a transaction on reviews left open for 60 s',
  async harm(system) {
    // One that the load is writing at this moment may be deleted by it.
    const one = `select review_id from reviews where deleted_at is null
      order by created_at limit 1 for update skip locked`
    await system.whileLocked(one, async ([row]) => {
      const { review_id } = row as { review_id: string }
      const answer = await fetch(`${system.apiUrl}/api/v1/reviews/${review_id}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ content: 'Wanted by two' }),
        signal: AbortSignal.timeout(10_000),
      })
      assert.equal(answer.status, 503)
      assert.ok(answer.headers.get('retry-after'), 'with Retry-After')
      await pause(60_000)
    })
    return undefined
  },
}

const hourMs = 3_600_000

/** Mails are deferred meanwhile: by its own clock, all attempts would be due at once, or an hour late. */
const wrongClock: FaultCase = {
  name: "the notification worker's clock an hour behind, then an hour ahead",
  async harm(system) {
    await system.stack.stopPart('notification-worker')
    for (const off of [-hourMs, hourMs]) {
      const leave = system.startAnother('notification-worker', {
        NODE_OPTIONS: `--import=${new URL('./shifted-clock.mjs', import.meta.url).href}`,
        CLOCK_OFF_MS: String(off),
      })
      try {
        system.inbox.deferring = true
        await until('mails wait for another try', async () => (await system.waitingRetries()) > 0, {
          timeoutMs: 120_000,
        })
        await pause(3_000)
        system.inbox.deferring = false
        await until('they were tried again in time', async () => (await system.waitingRetries()) === 0, {
          timeoutMs: 240_000,
        })
      } finally {
        system.inbox.deferring = false
        await leave()
      }
    }
    await system.stack.startPart('notification-worker')
    return undefined
  },
}

/** What was published is gone, and no consumer can tell: the relay stops, and says what to do. */
const topicMadeAnew: FaultCase = {
  name: 'a topic deleted and made again while no relay runs: the next refuses, and the log is published again',
  async harm(system) {
    await system.stack.stopPart('relay')
    const admin = system.kafka.admin()
    try {
      await admin.deleteTopic(topics.reviews.name)
      await until('it is gone', async () =>
        (await admin.topics()).every(({ name }) => name !== topics.reviews.name),
      )
      await applyTopics(admin, replication.factor)
    } finally {
      await admin.close()
    }
    await system.stack.startPart('relay')
    await until('the relay says that it is blocked', async () => !(await system.isHealthy('relay')), {
      timeoutMs: 60_000,
    })
    await rewind(system.pool, 0)
    return { topicIsNew: true }
  },
}

/** After those that gate. */
export const further: readonly FaultCase[] = [
  rollingRestart,
  reassignment,
  frozenWorker,
  joinsAndLeaves,
  registryDown,
  connectionsExhausted,
  failingKey,
  wrongClock,
  fullDisk,
  topicMadeAnew,
  openTransaction,
]
