import type { Tracer } from '@opentelemetry/api'
import type { Registry } from 'prom-client'
import { type AppError, asError } from '../errors.ts'
import type { Batch, Consumer } from '../kafka/consumer.ts'
import type { Kafka } from '../kafka/kafka.ts'
import type { Producer } from '../kafka/producer.ts'
import type { IncomingRecord } from '../kafka/records.ts'
import type { Logger } from '../telemetry/logger.ts'
import { backoffMs, pause } from './backoff.ts'
import { type DeadLetter, storeDeadLetters } from './dead-letters.ts'
import type { Handler, Outcome } from './handler.ts'
import { isolation } from './isolation.ts'
import { type KnownToLog, logCheck } from './log-check.ts'
import { type RuntimeMetrics, runtimeMetrics } from './metrics.ts'
import { receive } from './receive.ts'
import { type Arrival, compose, type Run } from './run.ts'
import { tracing } from './tracing.ts'
import { Watchdog } from './watchdog.ts'

export interface ConsumerRuntimeOptions {
  readonly handler: Handler
  readonly kafka: Kafka
  /** Names this process for ever, so that after a kill it has its partitions back at once; null for a random name. */
  readonly instanceId: string | null
  /** The ids of those of these events that the log holds: others are dead letters. */
  readonly knownToLog: KnownToLog
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
const unfetchedMs = 20_000

/**
 * Runs a handler as a consumer group:
 *
 *     const runtime = new ConsumerRuntime({
 *       handler, kafka, instanceId: 'analytics-worker', knownToLog: (events) => …,
 *       tracer, metrics, log, onStuck: fail,
 *     })
 *     runtime.start()
 *     onStop('the consumer', () => runtime.stop())
 *
 * Each batch is decoded, run, and settled: an offset is committed only when the event's effect or its dead letter is
 * stored. What fails for now is waited for in place, and the partition's order holds. Each concern around the
 * handler is a file of its own beside this one.
 */
export class ConsumerRuntime {
  readonly #group: string
  readonly #log: Logger
  readonly #eventTypes: ReadonlySet<string>
  readonly #consumer: Consumer
  readonly #producer: Producer
  readonly #metrics: RuntimeMetrics
  readonly #run: Run
  readonly #watchdog: Watchdog
  #loop: Promise<void> | null = null
  #stopped: Promise<void> | null = null
  #waitingFor: string | null = null
  #settledBatches = 0
  #lastSettled = performance.now()

  constructor(options: ConsumerRuntimeOptions) {
    const { handler, kafka, instanceId, tracer, metrics, log } = options
    this.#group = handler.group
    this.#log = log.child({ group: handler.group })
    this.#eventTypes = new Set(handler.events.map(({ type }) => type))
    const topics = [...new Set(handler.events.map(({ topic }) => topic.name))]
    this.#consumer = kafka.consumer({ group: handler.group, topics, instanceId })
    this.#producer = kafka.producer()
    this.#metrics = runtimeMetrics(metrics, handler.group)
    this.#run = compose(
      (arrivals, context) =>
        handler.handle(
          arrivals.map(({ delivery }) => delivery),
          context,
        ),
      tracing(tracer, handler.group),
      logCheck(options.knownToLog),
      isolation,
      this.#metrics.middleware,
    )
    this.#watchdog = new Watchdog({
      isOwing: () => this.#isOwing(),
      progress: () => this.#settledBatches,
      onStuck: () => options.onStuck(new Error(`${handler.group} has records to handle and handles none`)),
    })
  }

  start(): void {
    if (this.#loop) return
    this.#consumer.start()
    this.#watchdog.start()
    this.#loop = this.#consume()
  }

  /** Finishes the batch in hand, commits and leaves the group. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  health(): RuntimeHealth {
    const { lag, assigned, silentMs } = this.#consumer.state()
    const waitingFor = this.#waitingFor ?? (silentMs > kafkaSilenceMs ? 'kafka' : null)
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
    await this.#consumer.stop()
    await this.#loop
    await this.#producer.close()
  }

  async #consume(): Promise<void> {
    for (let batch = await this.#consumer.next(); batch; batch = await this.#consumer.next()) {
      await this.#deal(batch)
    }
  }

  /** Until the batch is dealt with, or belongs to someone else. */
  async #deal(batch: Batch): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#handle(batch)
        this.#waitFor(null)
        this.#consumer.done(batch)
        this.#settledBatches += 1
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
    const received = records.map((record) => receive(record, this.#eventTypes))
    const arrivals = received.flatMap((one) => (one.kind === 'event' ? [one.arrival] : []))
    const outcomes = arrivals.length === 0 ? [] : await this.#run(arrivals, { log: this.#log, signal })

    const toRetry = outcomes.find((outcome) => outcome.verdict === 'retry')
    if (toRetry?.verdict === 'retry') throw toRetry.error

    const letters = [
      ...received.flatMap((one) =>
        one.kind === 'undeliverable' ? [this.#letter(one.record, one.error, 1)] : [],
      ),
      ...arrivals.flatMap(({ record, delivery }, i) => {
        const outcome = outcomes[i]
        return outcome?.verdict === 'dead-letter'
          ? [this.#letter(record, outcome.error, delivery.attempt)]
          : []
      }),
    ]
    await storeDeadLetters(this.#producer, this.#group, letters)

    for (const one of received) if (one.kind === 'skipped') this.#metrics.skipped(one.eventType)
    for (const [i, arrival] of arrivals.entries()) this.#report(arrival, outcomes[i])
    for (const letter of letters) this.#metrics.deadLetter(letter.error.code)
  }

  #letter(record: IncomingRecord, error: AppError, attempts: number): DeadLetter {
    const now = new Date()
    return { record, error, attempts, firstFailedAt: now, failedAt: now }
  }

  #report(arrival: Arrival, outcome: Outcome | undefined): void {
    if (!outcome) return
    this.#metrics.settled(arrival, outcome)
    if (outcome.verdict === 'ok') return
    const { event_id, event_type, metadata } = arrival.delivery.event
    const { trace_id, correlation_id } = metadata
    this.#log.warn(
      { event_id, event_type, trace_id, correlation_id, code: outcome.error.code, err: outcome.error },
      'an event became a dead letter',
    )
  }

  #waitFor(error: Error | null, attempt = 0): void {
    if (error && attempt === 1) this.#log.warn({ err: error }, 'waits and will try this batch again')
    if (!error && this.#waitingFor) this.#log.info({ waited_for: this.#waitingFor }, 'waits no longer')
    this.#waitingFor = error ? error.message : null
    this.#metrics.waiting(error !== null)
  }

  #isOwing(): boolean {
    const state = this.#consumer.state()
    if (this.#waitingFor || state.silentMs > kafkaSilenceMs) return false
    return state.lag > 0n || state.unfetchedMs > unfetchedMs
  }
}
