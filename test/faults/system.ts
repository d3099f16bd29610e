import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { groups } from '../../src/contracts/consumer-groups.ts'
import { topics } from '../../src/contracts/topics.ts'
import type { PartName } from '../../src/launcher/part.ts'
import type { RunningStack } from '../../src/launcher/running-stack.ts'
import { startStack } from '../../src/launcher/stack.ts'
import { indexDeadLetters } from '../../src/ops/dead-letters/letter-index.ts'
import { letterSource } from '../../src/ops/dead-letters/letter-source.ts'
import { groupLetters, type LetterFilter } from '../../src/ops/dead-letters/letters.ts'
import type { Admin, PartitionDescription } from '../../src/platform/kafka/admin.ts'
import { createKafka, type Kafka } from '../../src/platform/kafka/kafka.ts'
import { groupLag } from '../../src/platform/kafka/lag.ts'
import type { IncomingRecord } from '../../src/platform/kafka/records.ts'
import { readLogStanding } from '../../src/platform/log/standing.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { until } from '../support/until.ts'
import { withoutAddresses } from '../support/without-addresses.ts'
import { CountingInbox } from './counting-inbox.ts'

export interface Answer {
  readonly status: number
  readonly retryAfter: string | null
}

/** All of TheReview, as `npm start` runs it, with an inbox that counts; and the means to harm it. */
export class System {
  readonly stack: RunningStack
  readonly inbox: CountingInbox
  readonly pool: Pool
  readonly kafka: Kafka
  readonly #admin: Admin

  private constructor(stack: RunningStack, inbox: CountingInbox) {
    this.stack = stack
    this.inbox = inbox
    const { DATABASE_URL = '' } = stack.addresses
    this.pool = createPool({
      url: DATABASE_URL,
      size: 6,
      applicationName: 'faults',
      onIdleError: () => undefined,
    })
    const log = pino({ level: 'silent' })
    this.kafka = createKafka({ brokers: this.brokers, prefix: '', clientId: 'faults', log })
    this.#admin = this.kafka.admin()
  }

  /** What does not start leaves nothing behind that would keep the process from ending with the cause. */
  static async start(): Promise<System> {
    const inbox = new CountingInbox()
    await inbox.start()
    try {
      const home = await mkdtemp(join(tmpdir(), 'thereview-faults-'))
      const environment = { ...withoutAddresses(process.env), SMTP_URL: inbox.url, LOG_FORMAT: 'json' }
      const stack = await startStack({ home, ports: 'free', environment })
      return new System(stack, inbox)
    } catch (error) {
      await inbox.stop()
      throw error
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.pool.end(), this.#admin.close()])
    await this.stack.stop()
    await this.inbox.stop()
    // Its logs stay, for whoever wants to know why.
    await rm(join(this.stack.home.folder, 'data'), { recursive: true })
  }

  get brokers(): readonly string[] {
    return (this.stack.addresses.KAFKA_BROKERS ?? '').split(',')
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.stack.addresses.API_PORT}`
  }

  pidOf(part: PartName): number {
    const { pid } = this.stack.part(part)
    if (pid === undefined) throw new Error(`${part} is not running`)
    return pid
  }

  /** SIGKILL to the process itself, which gets no word of it. Resolves once its supervisor has it ready again. */
  async killUntilReady(part: PartName): Promise<void> {
    const killed = this.pidOf(part)
    process.kill(killed, 'SIGKILL')
    await this.untilReadyAgain(part, killed)
  }

  /** Its supervisor has it ready, as another process than the one that ended. */
  async untilReadyAgain(part: PartName, ended: number): Promise<void> {
    await until(
      `${part} is ready again`,
      () => {
        const { state, pid } = this.stack.part(part)
        return state === 'ready' && pid !== ended
      },
      { timeoutMs: 90_000, everyMs: 50 },
    )
  }

  /** SIGKILL, and it stays down until it is started. */
  async killAndHold(part: PartName): Promise<void> {
    const stopped = this.stack.stopPart(part)
    process.kill(this.pidOf(part), 'SIGKILL')
    await stopped
  }

  /** Every replica of every partition of the reviews is in sync. */
  async untilInSync(): Promise<void> {
    await until(
      'all replicas are in sync',
      async () =>
        (await this.#describe(topics.reviews.name))?.partitions.every(
          ({ inSync, replicas }) => inSync.length === replicas.length,
        ),
      { timeoutMs: 90_000, everyMs: 200 },
    )
  }

  /** The part's process stands still while the work runs, and goes on however that ends. */
  async whileFrozen<T>(part: PartName, work: () => Promise<T>): Promise<T> {
    const pid = this.pidOf(part)
    process.kill(pid, 'SIGSTOP')
    try {
      return await work()
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  }

  /** Whoever leads most partitions of the reviews. */
  async leader(): Promise<PartName> {
    const { partitions } = (await this.#describe(topics.reviews.name)) ?? { partitions: [] }
    const leaders = partitions.map(({ leader }) => leader).filter((leader) => leader !== null)
    const most = leaders.toSorted(
      (a, b) => leaders.filter((one) => one === b).length - leaders.filter((one) => one === a).length,
    )[0]
    return broker(most ?? 1)
  }

  async controller(): Promise<PartName> {
    return broker((await this.#admin.cluster()).controllerId)
  }

  async partitionsOf(topic: string): Promise<readonly PartitionDescription[]> {
    return (await this.#describe(topic))?.partitions ?? []
  }

  async #describe(topic: string) {
    return (await this.#admin.topics()).find(({ name }) => name === topic)
  }

  async #isPublished(): Promise<boolean> {
    const { head, published } = await readLogStanding(this.pool)
    return published === head
  }

  /** Posts a review of a product. */
  async post(review: {
    entity_id: string
    user_id: string
    rating: number
    content: string
  }): Promise<Answer> {
    const answer = await fetch(`${this.apiUrl}/api/v1/reviews`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ entity_type: 'product', ...review }),
    })
    await answer.text()
    return { status: answer.status, retryAfter: answer.headers.get('retry-after') }
  }

  /** How many letters match, once the index has reached the end of `deadletter.queue`. */
  async countLetters(filter: LetterFilter): Promise<number> {
    const reader = this.kafka.recordReader()
    try {
      await indexDeadLetters(this.pool, letterSource(reader))
    } finally {
      await reader.close()
    }
    const groups = await groupLetters(this.pool, filter)
    return groups.reduce((sum, { count }) => sum + count, 0)
  }

  /** Everything that was accepted has had all its effects. */
  async untilQuiet(timeoutMs = 120_000): Promise<void> {
    const options = { timeoutMs, everyMs: 100 }
    await until('the log is published', () => this.#isPublished(), options)
    await until('every group has caught up', async () => (await this.lag()) === 0n, options)
    await until('nothing waits for another try', async () => (await this.waitingRetries()) === 0, options)
  }

  /** Whether every dependency of a service is up, by its own word. */
  async isHealthy(part: keyof typeof portOf): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.stack.addresses[portOf[part]]}/health/ready`)
    return ((await answer.json()) as { status: string }).status === 'ok'
  }

  /** Whether a worker has begun a batch that it cannot end before a dependency is there again, by its own word. */
  async waitsForDependency(part: 'analytics-worker' | 'notification-worker'): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.stack.addresses[portOf[part]]}/metrics`)
    return /^thereview_consumer_waiting\{.*\} 1$/m.test(await answer.text())
  }

  /** Holds what a statement locks while the work runs. */
  async whileLocked<T>(sql: string, work: (rows: unknown[]) => Promise<T>): Promise<T> {
    const holder = await this.pool.connect()
    try {
      await holder.query('begin')
      const { rows } = await holder.query(sql)
      return await work(rows)
    } finally {
      // Ends the connection, and the lock with it.
      holder.release(true)
    }
  }

  async relayLease(): Promise<{ epoch: number; position: number }> {
    const { rows } = await this.pool.query<{ epoch: number; position: number }>(
      'select epoch, position from relay',
    )
    return rows[0] ?? { epoch: 0, position: 0 }
  }

  async waitingRetries(): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      'select count(*) as count from scheduled_retries',
    )
    return rows[0]?.count ?? 0
  }

  /** A second process of a service, as another host would run it. Returns what ends it. */
  startAnother(part: keyof typeof portOf, more: NodeJS.ProcessEnv = {}): () => Promise<void> {
    const child = spawn(process.execPath, [`src/services/${part}.ts`], {
      env: { ...process.env, ...this.stack.addresses, [portOf[part]]: '0', LOG_LEVEL: 'warn', ...more },
      stdio: 'ignore',
    })
    const exited = once(child, 'exit')
    return async () => {
      child.kill('SIGTERM')
      await exited
    }
  }

  /** Records that the groups have not dealt with. */
  async lag(): Promise<bigint> {
    const lags = await Promise.all(Object.values(groups).map((group) => groupLag(this.#admin, group)))
    return lags.flat().reduce((sum, { lag }) => sum + (lag ?? 0n), 0n)
  }

  /** How many records were ever put on a topic. */
  async recordsOn(topic: string): Promise<number> {
    const ends = await this.#admin.offsets(topic, 'latest')
    return [...ends.values()].reduce((sum, end) => sum + Number(end ?? 0n), 0)
  }

  /** The last record of each partition of a topic. */
  async newestOn(topic: string): Promise<IncomingRecord[]> {
    const ends = await this.#admin.offsets(topic, 'latest')
    const reader = this.kafka.recordReader()
    try {
      const last = await Promise.all(
        [...ends].map(async ([partition, end]) => (end ? reader.read(topic, partition, end - 1n) : [])),
      )
      return last.flat()
    } finally {
      await reader.close()
    }
  }

  /** Every record of a topic, from offset 0. */
  async readTopic(topic: string): Promise<IncomingRecord[]> {
    const reader = this.kafka.recordReader()
    try {
      const partitions = (await this.#describe(topic))?.partitions ?? []
      const all: IncomingRecord[] = []
      for (const { partition } of partitions) {
        for (let from = 0n; ; ) {
          const records = await reader.read(topic, partition, from)
          const last = records.at(-1)
          if (!last) break
          all.push(...records)
          from = last.offset + 1n
        }
      }
      return all
    } finally {
      await reader.close()
    }
  }
}

const portOf = {
  relay: 'RELAY_PORT',
  'analytics-worker': 'ANALYTICS_WORKER_PORT',
  'notification-worker': 'NOTIFICATION_WORKER_PORT',
} as const

function broker(id: number): PartName {
  const name = (['kafka-1', 'kafka-2', 'kafka-3'] as const)[id - 1]
  if (!name) throw new Error(`there is no broker ${id}`)
  return name
}
