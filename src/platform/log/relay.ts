import { setTimeout as pause } from 'node:timers/promises'
import type { Tracer } from '@opentelemetry/api'
import { isRetryable } from '../errors.ts'
import { pace } from '../pace.ts'
import type { Pool } from '../postgres/pool.ts'
import { type Logger, moduleLog } from '../telemetry/logger.ts'
import { publish, type RecordProducer } from './publisher.ts'
import { Cursor, LeaseLost } from './relay-cursor.ts'
import { acquireLease, type Lease } from './relay-lease.ts'
import type { RelayMetrics } from './relay-metrics.ts'
import {
  aggregateKey,
  heldAggregates,
  readRequested,
  type SetAside,
  setAside,
  settleRetries,
} from './set-aside.ts'
import { envelopeText, readAfter, type StoredEvent } from './stored-event.ts'
import { assertSameTopics } from './topic-guard.ts'

export interface RelayOptions {
  readonly pool: Pool
  readonly producer: RecordProducer
  readonly tracer: Tracer
  readonly log: Logger
  readonly metrics: RelayMetrics
  /** Who this is, for people that look at the lease. */
  readonly holder: string
  /** Told of events that Kafka has acknowledged. */
  readonly onPublished?: (events: readonly StoredEvent[]) => void
  readonly timing?: Partial<typeof defaultTiming>
}

const defaultTiming = {
  /** How long a lease outlives its last renewal: how long a standby waits for a holder that fell silent. */
  leaseMs: 5_000,
  /** How often an idle holder renews and a standby looks. It also bounds what a lost notification costs. */
  pollMs: 1_000,
  /** How often the cursor is saved under load: a crash repeats what was published since. */
  saveMs: 100,
  retryMs: 500,
}

const roundEvents = 500
// A topic takes 1 MiB; this leaves room for key, headers and the batch around the value.
const maxValueBytes = 1_000_000
// Only what is longer than this in UTF-16 units can be too large in UTF-8, and is measured.
const maxDataLength = 250_000

/**
 * Publishes the log to Kafka, in order, from the cursor on. One relay is active, by a lease; others stand by. The
 * cursor moves after the acknowledgement and only under this relay's epoch, so a relay that dies, or freezes and
 * thaws, can at worst publish again what was published before. One send is under way at a time: what follows a
 * failure is never published before what failed.
 */
export class Relay {
  readonly #o: RelayOptions
  readonly #timing: typeof defaultTiming
  readonly #stopping = new AbortController()
  #running: Promise<void> | null = null
  #wake = Promise.withResolvers<void>()
  #state: 'standby' | 'active' | 'waiting' | 'stopped' = 'standby'
  #roundBegun = performance.now()

  constructor(options: RelayOptions) {
    this.#o = { ...options, log: moduleLog(options.log, 'relay') }
    this.#timing = { ...defaultTiming, ...options.timing }
  }

  get state() {
    return this.#state
  }

  /** How long the round in hand has been under way; an idle relay begins one with each poll. */
  get roundMs(): number {
    return performance.now() - this.#roundBegun
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Something may have been appended. */
  wake(): void {
    this.#wake.resolve()
  }

  /** Finishes the round in hand, saves the cursor and gives the lease up. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.wake()
    await this.#running
    this.#state = 'stopped'
  }

  async #run(): Promise<void> {
    const { pool, holder, log, metrics } = this.#o
    while (!this.#stopping.signal.aborted) {
      this.#roundBegun = performance.now()
      try {
        const lease = await acquireLease(pool, holder, this.#timing.leaseMs)
        if (!lease) {
          this.#state = 'standby'
          await this.#idle(this.#timing.pollMs)
          continue
        }
        log.info({ epoch: lease.epoch, position: lease.position }, 'this relay is active')
        metrics.active.set(1)
        await this.#publishFrom(lease)
      } catch (error) {
        if (error instanceof LeaseLost) {
          log.warn('another relay has taken the lease')
          continue
        }
        this.#state = 'waiting'
        metrics.failures.inc()
        const level = isRetryable(error) ? 'warn' : 'error'
        log[level]({ err: error }, 'a round failed; beginning again from the cursor')
        await pause(this.#timing.retryMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
      } finally {
        metrics.active.set(0)
      }
    }
  }

  async #publishFrom(lease: Lease): Promise<void> {
    const { pool } = this.#o
    const cursor = new Cursor(lease, pool, this.#timing.leaseMs)
    await assertSameTopics(pool, this.#o.producer, lease.epoch)
    let topicsCheckedAt = performance.now()
    let held = await heldAggregates(pool)
    let ahead: Promise<StoredEvent[]> | null = null
    try {
      while (!this.#stopping.signal.aborted) {
        this.#state = 'active'
        const woken = this.#takeWake()
        const begun = performance.now()
        this.#roundBegun = begun
        const events = await (ahead ?? readAfter(pool, cursor.position, roundEvents))
        ahead = null
        const last = events.at(-1)
        if (last) {
          await cursor.assertHeld()
          if (events.length === roundEvents) ahead = this.#readAhead(last.position)
          await this.#round(events, held)
          cursor.position = last.position
        }
        if (cursor.dueIn(this.#timing) <= 0) {
          await cursor.save()
          if (held.size > 0) held = await this.#retrySetAside()
          if (performance.now() - topicsCheckedAt >= this.#timing.pollMs) {
            await assertSameTopics(pool, this.#o.producer, lease.epoch)
            topicsCheckedAt = performance.now()
          }
        }
        if (!last) await this.#idle(cursor.dueIn(this.#timing), woken)
        else await pace(begun, { items: events.length, most: roundEvents })
      }
    } finally {
      // Best effort: a lease that is not given up runs out by itself, and what is not saved is published again.
      await cursor
        .release()
        .catch((error: unknown) => this.#o.log.debug({ err: error }, 'the lease was not given up'))
    }
  }

  #readAhead(position: number): Promise<StoredEvent[]> {
    const read = readAfter(this.#o.pool, position, roundEvents)
    // Awaited by the next round; a failure of this one must not leave it unhandled.
    read.catch(() => undefined)
    return read
  }

  /** Publishes what fits and sets the rest aside. Returns what was published. */
  async #round(events: readonly StoredEvent[], held: Set<string>): Promise<readonly StoredEvent[]> {
    const { pool, producer, tracer, metrics, log } = this.#o
    const { fit, aside } = sort(events, held)
    if (aside.length > 0) {
      await setAside(pool, aside)
      for (const { event, reason } of aside) {
        const { event_id, position } = event
        log.error({ event_id, position, ...idsOf(event), reason }, 'an event was set aside')
      }
    }
    if (fit.length === 0) return []
    await publish(fit, producer, tracer)
    this.#o.onPublished?.(fit)
    const now = Date.now()
    metrics.round.observe(fit.length)
    metrics.published.inc(fit.length)
    for (const event of fit) metrics.latency.observe(Math.max(0, now - event.occurred_at.getTime()) / 1000)
    return fit
  }

  /** Publishes what an operator has mended, and says what is set aside still. */
  async #retrySetAside(): Promise<Set<string>> {
    const { pool, log } = this.#o
    const requested = await readRequested(pool)
    if (requested.length > 0) {
      // What still does not fit stays set aside, with what follows it.
      const published = await this.#round(requested, new Set())
      await settleRetries(pool, requested, published)
      log.info({ requested: requested.length, published: published.length }, 'tried again what was set aside')
    }
    return heldAggregates(pool)
  }

  #takeWake(): Promise<void> {
    this.#wake = Promise.withResolvers()
    return this.#wake.promise
  }

  async #idle(milliseconds: number, woken = this.#takeWake()): Promise<void> {
    // A stop wakes too.
    if (this.#stopping.signal.aborted) return
    const { promise: elapsed, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, Math.max(0, milliseconds))
    await Promise.race([woken, elapsed])
    clearTimeout(timer)
  }
}

/** What its lines in a log are found by, beside its own id. */
function idsOf({ metadata }: StoredEvent): { trace_id?: unknown; correlation_id?: unknown } {
  const { trace_id, correlation_id }: { trace_id?: unknown; correlation_id?: unknown } = JSON.parse(metadata)
  return { trace_id, correlation_id }
}

/** What a topic takes, and what is set aside, with everything behind it in its aggregate. */
function sort(events: readonly StoredEvent[], held: Set<string>): { fit: StoredEvent[]; aside: SetAside[] } {
  const fit: StoredEvent[] = []
  const aside: SetAside[] = []
  for (const event of events) {
    const key = aggregateKey(event)
    if (held.has(key)) {
      aside.push({ event, reason: 'behind_another' })
    } else if (event.data.length > maxDataLength && Buffer.byteLength(envelopeText(event)) > maxValueBytes) {
      held.add(key)
      aside.push({ event, reason: 'record_too_large' })
    } else {
      fit.push(event)
    }
  }
  return { fit, aside }
}
