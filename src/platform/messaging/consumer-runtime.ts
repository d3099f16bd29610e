import type { Tracer } from '@opentelemetry/api'
import type { Registry } from 'prom-client'
import { topics } from '../../contracts/topics.ts'
import { asError, isRetryable } from '../errors.ts'
import type { Batch } from '../kafka/batch-in-hand.ts'
import type { Consumer } from '../kafka/consumer.ts'
import type { Kafka } from '../kafka/kafka.ts'
import type { Producer } from '../kafka/producer.ts'
import type { IncomingRecord } from '../kafka/records.ts'
import { pace } from '../pace.ts'
import { type Logger, moduleLog } from '../telemetry/logger.ts'
import { type Attempt, firstAttempt } from './attempt.ts'
import { backoffMs, pause } from './backoff.ts'
import type { Handler } from './handler.ts'
import type { KnownToLog } from './log-check.ts'
import { type RuntimeMetrics, runtimeMetrics } from './metrics.ts'
import { createPipeline, type Pipeline, type Result } from './pipeline.ts'
import { RetryLoop } from './retry-loop.ts'
import { fromRetryRecord } from './retry-record.ts'
import type { RetryPartition, RetrySchedule } from './retry-schedule.ts'
import { Watchdog } from './watchdog.ts'

export interface ConsumerRuntimeOptions {
  readonly handler: Handler
  readonly kafka: Kafka
  /** Names this process for ever, so that after a kill it has its partitions back at once; null for a random name. */
  readonly instanceId: string | null
  /** The ids of those of these events that the log holds: others are dead letters, and so is what makes it throw. */
  readonly knownToLog: KnownToLog
  /** Keeps what `retry.queue` holds for this group until it is due. Without one, a retry is waited for in place. */
  readonly retries?: RetrySchedule
  /** Told what came of what `retry.queue` brought, before it is forgotten. */
  readonly onRetried?: (results: readonly Result[]) => Promise<void>
  /** Told what came of attempts. */
  readonly onSettled?: (group: string, results: readonly Result[]) => void
  /** The time by which retries are due: the database's, where workers' clocks may differ. */
  readonly now?: () => Date
  readonly tracer: Tracer
  readonly metrics: Registry
  readonly log: Logger
  /** The worker has work and does none: end the process with this error, to be started again. */
  readonly onStuck: (error: Error) => void
}

export interface RuntimeHealth {
  readonly state: 'running' | 'waiting' | 'stopped'
  /** What it waits for, while it does. */
  readonly waitingFor: string | null
  /** Since the last batch was dealt with, or the start. */
  readonly idleMs: number
  readonly lag: bigint
  readonly partitions: number
}

const whileWaiting = { firstMs: 100, mostMs: 5_000 }
/** Silence of the group's coordinator for so long means that Kafka is down. */
const kafkaSilenceMs = 10_000
const maxUnfetchedMs = 20_000
const maxBatchRecords = 500

/**
 * Runs a handler as a consumer group:
 *
 *     const runtime = new ConsumerRuntime({
 *       handler, kafka, instanceId: 'notification-worker',
 *       knownToLog: (events) => withPostgres(() => knownEvents(db, events)),
 *       retries: retrySchedule(db),
 *       tracer, metrics, log, onStuck: fail,
 *     })
 *     runtime.start()
 *     onStop('the consumer', () => runtime.stop())
 *
 * An offset is committed only when each event's effect, its place in `retry.queue` or its dead letter is stored. A
 * dependency that is down is waited for in place, and the partition's order holds; what `retry.queue` brings runs
 * beside the partitions, so `handle` may be called twice at once. Each concern is a file of its own beside this one.
 */
export class ConsumerRuntime {
  readonly #options: ConsumerRuntimeOptions
  readonly #log: Logger
  readonly #consumer: Consumer
  readonly #producer: Producer
  readonly #metrics: RuntimeMetrics
  readonly #pipeline: Pipeline
  readonly #retryLoop: RetryLoop | null
  readonly #watchdog: Watchdog
  #loop: Promise<void> | null = null
  #stopped: Promise<void> | null = null
  #waitingFor: string | null = null
  #progress = 0
  #lastSettled = performance.now()

  constructor(options: ConsumerRuntimeOptions) {
    const { handler, kafka, instanceId, retries, knownToLog, tracer } = options
    const { group } = handler
    const log = moduleLog(options.log, 'consumer').child({ group })
    const metrics = runtimeMetrics(options.metrics, group)
    const producer = kafka.producer()
    const own = handler.events.map(({ topic }) => topic.name)
    const subscribed = new Set([...own, ...(retries ? [topics.retries.name] : [])])
    this.#options = options
    this.#log = log
    this.#metrics = metrics
    this.#producer = producer
    this.#consumer = kafka.consumer({ group, topics: [...subscribed], instanceId, maxBatchRecords })
    this.#pipeline = createPipeline({
      handler,
      producer,
      knownToLog,
      hasRetryQueue: retries !== undefined,
      now: options.now ?? (() => new Date()),
      onProgress: () => {
        this.#progress += 1
      },
      ...(options.onSettled && { onSettled: options.onSettled }),
      tracer,
      metrics,
      log,
    })
    this.#retryLoop = retries
      ? new RetryLoop({
          group,
          schedule: retries,
          partitions: () => this.#retryPartitions(),
          handle: (records, signal) => this.#pipeline(records.flatMap(toAttempt), signal),
          onHandled: async (results) => options.onRetried?.(results),
          log,
        })
      : null
    this.#watchdog = new Watchdog({
      isOwing: () => this.#isOwing(),
      progress: () => this.#progress,
      onStuck: () => options.onStuck(new Error(`${group} has records to handle and handles none`)),
    })
  }

  start(): void {
    if (this.#loop) return
    this.#consumer.start()
    this.#retryLoop?.start()
    this.#watchdog.start()
    this.#loop = this.#consume()
  }

  /** Finishes what is in hand, commits and leaves the group. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  health(): RuntimeHealth {
    const { lag, assigned, silentMs } = this.#consumer.state()
    const waitingFor = this.#waitingFor ?? (silentMs > kafkaSilenceMs ? 'kafka is not available' : null)
    return {
      state: this.#stopped ? 'stopped' : waitingFor ? 'waiting' : 'running',
      waitingFor,
      idleMs: performance.now() - this.#lastSettled,
      lag,
      partitions: assigned.length,
    }
  }

  async #stop(): Promise<void> {
    this.#watchdog.stop()
    await Promise.all([this.#retryLoop?.stop(), this.#consumer.stop()])
    await this.#loop
    await this.#producer.close()
  }

  async #consume(): Promise<void> {
    for (let batch = await this.#consumer.next(); batch; batch = await this.#consumer.next()) {
      const begun = performance.now()
      await this.#deal(batch)
      if (!this.#stopped) await pace(begun, { items: batch.records.length, most: maxBatchRecords })
    }
  }

  /** Until the batch is dealt with, or belongs to someone else. */
  async #deal(batch: Batch): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#handle(batch)
        this.#waitFor(null)
        this.#consumer.done(batch)
        this.#progress += 1
        this.#lastSettled = performance.now()
        return
      } catch (error) {
        if (!batch.signal.aborted) {
          this.#waitFor(asError(error), attempt)
          await pause(backoffMs(attempt, whileWaiting), batch.signal)
        }
        if (batch.signal.aborted) {
          this.#waitFor(null)
          this.#consumer.giveBack(batch)
          return
        }
      }
    }
  }

  async #handle({ records, signal }: Batch): Promise<void> {
    const isRetry = ({ topic }: IncomingRecord) => topic === topics.retries.name
    const retries = records.filter(
      (record) => isRetry(record) && fromRetryRecord(record)?.group === this.#options.handler.group,
    )
    const unscheduled = (await this.#schedule(retries)).flatMap(toAttempt)
    const firsts = records.filter((record) => !isRetry(record)).map(firstAttempt)
    const results = await this.#pipeline([...firsts, ...unscheduled], signal)
    if (unscheduled.length > 0) await this.#options.onRetried?.(results)
  }

  /** Returns those that the schedule cannot hold. They are tried at once, since nothing may hold up a partition. */
  async #schedule(records: readonly IncomingRecord[]): Promise<readonly IncomingRecord[]> {
    const { handler, retries } = this.#options
    try {
      await retries?.add(handler.group, records)
      return []
    } catch (error) {
      if (isRetryable(error)) throw error
      if (records.length === 1) return records
    }
    const refused: IncomingRecord[] = []
    for (const record of records) refused.push(...(await this.#schedule([record])))
    return refused
  }

  #retryPartitions(): readonly RetryPartition[] {
    return this.#consumer.state().assigned.filter(({ topic }) => topic === topics.retries.name)
  }

  #waitFor(error: Error | null, attempt = 0): void {
    const level = isRetryable(error) ? 'warn' : 'error'
    if (error && attempt === 1) this.#log[level]({ err: error }, 'waits and will try this batch again')
    if (!error && this.#waitingFor) this.#log.info({ waited_for: this.#waitingFor }, 'waits no longer')
    this.#waitingFor = error ? error.message : null
    this.#metrics.waiting(error !== null)
  }

  #isOwing(): boolean {
    const { silentMs, lag, unfetchedMs } = this.#consumer.state()
    if (this.#waitingFor || silentMs > kafkaSilenceMs) return false
    return lag > 0n || unfetchedMs > maxUnfetchedMs
  }
}

function toAttempt(record: IncomingRecord): Attempt[] {
  const retry = fromRetryRecord(record)
  return retry ? [retry.attempt] : []
}
