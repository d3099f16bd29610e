import { pino } from 'pino'
import { groups } from '../../src/contracts/consumer-groups.ts'
import { parseScrape, sumOf } from '../../src/ops/pipeline/prometheus-text.ts'
import type { Admin } from '../../src/platform/kafka/admin.ts'
import { createKafka, type Kafka } from '../../src/platform/kafka/kafka.ts'
import { groupLag } from '../../src/platform/kafka/lag.ts'
import { readLogStanding } from '../../src/platform/log/standing.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { until } from '../../test/support/until.ts'
import { withoutAddresses } from '../../test/support/without-addresses.ts'
import type { Inbox } from '../inbox/inbox.ts'
import { type Launched, runCli } from './launch.ts'
import { type PartUsage, usageOf } from './usage.ts'

const quietTimeoutMs = 1_800_000

/** The running stack, as a measure sees it. */
export class Target {
  readonly host: string = '127.0.0.1'
  readonly port: number
  readonly addresses: Readonly<Record<string, string>>
  readonly inbox: Inbox
  readonly pool: Pool
  readonly kafka: Kafka
  readonly admin: Admin
  readonly #launched: Launched

  constructor(launched: Launched) {
    const { addresses, inbox } = launched
    this.#launched = launched
    this.addresses = addresses
    this.inbox = inbox
    this.port = Number(addresses.API_PORT)
    this.pool = createPool({
      url: addresses.DATABASE_URL ?? '',
      size: 4,
      applicationName: 'bench',
      onIdleError: () => undefined,
    })
    this.kafka = createKafka({
      brokers: this.brokers,
      prefix: '',
      clientId: 'bench',
      log: pino({ level: 'silent' }),
    })
    this.admin = this.kafka.admin()
  }

  get brokers(): readonly string[] {
    return (this.addresses.KAFKA_BROKERS ?? '').split(',')
  }

  /** Lets go of it; `keep` leaves it running. */
  async close({ keep }: { keep: boolean }): Promise<void> {
    await Promise.all([this.pool.end(), this.admin.close()])
    if (!keep) await this.#launched.client.down()
    await this.inbox.stop()
  }

  /** `thereview …` on this stack. */
  thereview(...args: string[]) {
    return runCli(args, withoutAddresses(process.env))
  }

  /** Everything that was accepted has had all its effects. */
  async untilQuiet(): Promise<void> {
    const options = { timeoutMs: quietTimeoutMs, everyMs: 100 }
    await until('the log is published', () => this.#isPublished(), options)
    await until('every group has caught up', () => this.hasCaughtUp(), options)
  }

  async #isPublished(): Promise<boolean> {
    const { head, published } = await readLogStanding(this.pool)
    return published === head
  }

  /** Whether no group has records before it on any of its topics. */
  async hasCaughtUp(): Promise<boolean> {
    const lags = await Promise.all(Object.values(groups).map((group) => groupLag(this.admin, group)))
    return lags.flat().every(({ lag }) => (lag ?? 0n) === 0n)
  }

  /** How many events were ever appended. */
  async events(): Promise<number> {
    return (await readLogStanding(this.pool)).head
  }

  /** What a metric of a service adds up to, over all its labels; a histogram's is `…_sum` or `…_count`. */
  async metric(port: string, name: string): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${this.addresses[port]}/metrics`)
    return sumOf(parseScrape(await answer.text()), name)
  }

  /** How many events the cache worker has dealt with. */
  clearedEvents(): Promise<number> {
    return this.metric('CACHE_WORKER_PORT', 'thereview_consumer_events_total')
  }

  /** What every part has used so far. */
  async usage(): Promise<ReadonlyMap<string, PartUsage>> {
    const report = await this.#launched.client.report()
    const pids = (report?.parts ?? []).flatMap(({ name, pid }) =>
      pid === null ? [] : [[name, pid] as const],
    )
    return usageOf(new Map(pids))
  }
}
