import type { Tracer } from '@opentelemetry/api'
import { type AppError, asError } from '../errors.ts'
import { RecordTooLargeError } from '../kafka/client-error.ts'
import type { Producer } from '../kafka/producer.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Attempt } from './attempt.ts'
import type { Handler, Outcome } from './handler.ts'
import { isolation } from './isolation.ts'
import { type KnownToLog, logCheck } from './log-check.ts'
import type { RuntimeMetrics } from './metrics.ts'
import { receive } from './receive.ts'
import { type AnyEvent, type Arrival, compose } from './run.ts'
import { type Settlement, settle, withoutValue } from './settle.ts'
import { tracing } from './tracing.ts'

export interface PipelineOptions {
  readonly handler: Handler
  readonly producer: Producer
  readonly knownToLog: KnownToLog
  /** Whether an outcome `retry` goes to `retry.queue`; otherwise it is waited for in place. */
  readonly hasRetryQueue: boolean
  readonly now: () => Date
  /** Called whenever the handler comes back, also with a part of a batch. */
  readonly onProgress: () => void
  /** Told what came of attempts, once that is safely stored. */
  readonly onSettled?: (group: string, results: readonly Result[]) => void
  readonly tracer: Tracer
  readonly metrics: RuntimeMetrics
  readonly log: Logger
}

/** What came of one attempt. The event is null where the record was none. */
export interface Result {
  readonly attempt: Attempt
  readonly event: AnyEvent | null
  readonly outcome: Outcome
}

/**
 * From records to what is safely stored: an effect, another attempt, or a dead letter for each. It throws, and has
 * then to be called with the same again, when a dependency is down or the work was interrupted; never on account of
 * what a record holds.
 */
export type Pipeline = (attempts: readonly Attempt[], signal: AbortSignal) => Promise<readonly Result[]>

export function createPipeline(options: PipelineOptions): Pipeline {
  const { handler, producer, metrics, log } = options
  const eventTypes: ReadonlySet<string> = new Set(handler.events.map(({ type }) => type))
  const run = compose(
    async (arrivals, context) => {
      const deliveries = arrivals.map(({ delivery }) => delivery)
      const outcomes = await handler.handle(deliveries, context)
      options.onProgress()
      return outcomes
    },
    // Around all that looks at events, and once more around the handler, whose bugs are not the log's.
    isolation,
    tracing(options.tracer, handler.group),
    logCheck(options.knownToLog),
    isolation,
    metrics.middleware,
  )

  async function outcomesOf(arrivals: readonly Arrival[], signal: AbortSignal): Promise<readonly Result[]> {
    if (arrivals.length === 0) return []
    const outcomes = (await run(arrivals, { log, signal })).values()
    return arrivals.flatMap(({ attempt, delivery }): Result[] => {
      const outcome = outcomes.next().value
      return outcome ? [{ attempt, event: delivery.event, outcome }] : []
    })
  }

  return async (attempts, signal) => {
    const received = attempts.map((attempt) => receive(attempt, eventTypes))
    const arrivals = received.flatMap((one) => (one.kind === 'event' ? [one.arrival] : []))
    const undeliverable = received.filter((one) => one.kind === 'undeliverable')
    const results: readonly Result[] = [
      ...(await outcomesOf(arrivals, signal)),
      ...undeliverable.map(({ attempt, error }) => ({ attempt, event: null, outcome: deadLetter(error) })),
    ]
    const now = options.now()
    const settled = results.map((result) => ({
      ...result,
      settlement: settle(handler.group, result.attempt, result.outcome, now),
    }))
    const retry = settled.find(({ settlement }) => settlement.kind === 'retry')
    if (retry?.settlement.kind === 'retry' && !options.hasRetryQueue) throw retry.settlement.error

    const stored = await store(settled, now)
    // From here on nothing may throw: all of it would be stored again.
    try {
      options.onSettled?.(handler.group, stored)
      for (const one of stored) report(one, metrics, log)
      for (const one of received) if (one.kind === 'skipped') metrics.skipped(one.eventType)
    } catch (error) {
      log.error({ err: asError(error) }, 'what came of a batch could not be told')
    }
    return stored
  }

  /** What a topic does not take is replaced by a letter that it takes. Returns what was stored. */
  async function store(settled: readonly Settled[], now: Date): Promise<readonly Settled[]> {
    const records = settled.flatMap(({ settlement }) =>
      settlement.kind === 'done' ? [] : [settlement.record],
    )
    if (records.length === 0) return settled
    try {
      await producer.send(records)
      return settled
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) throw error
      const [only] = settled
      if (only && settled.length === 1) {
        const smaller = withoutValue(handler.group, only.attempt, only.settlement, now)
        // One that does not take even this has to be given more room.
        if (!smaller) throw error
        return store([{ ...only, ...smaller }], now)
      }
    }
    const stored: Settled[] = []
    for (const one of settled) stored.push(...(await store([one], now)))
    return stored
  }
}

interface Settled extends Result {
  readonly settlement: Settlement
}

function deadLetter(error: AppError): Outcome {
  return { verdict: 'dead-letter', error }
}

function report(
  { attempt, event, outcome, settlement }: Settled,
  metrics: RuntimeMetrics,
  log: Logger,
): void {
  if (event) metrics.settled(attempt, event, outcome)
  if (settlement.kind === 'done') return
  if (settlement.kind === 'retry') metrics.retried()
  else metrics.deadLetter(settlement.error.code)
  const { topic, partition, offset } = attempt.record
  const { code, message, cause } = settlement.error
  log.warn(
    {
      ...(event && {
        event_id: event.event_id,
        event_type: event.event_type,
        trace_id: event.metadata.trace_id,
        correlation_id: event.metadata.correlation_id,
      }),
      record: `${topic}/${partition}@${offset}`,
      attempt: attempt.number,
      code,
      reason: message,
      ...(cause !== undefined && { err: asError(cause) }),
      ...(settlement.kind === 'retry' && { due_at: settlement.dueAt.toISOString() }),
    },
    settlement.kind === 'retry' ? 'an event will be tried again' : 'a record became a dead letter',
  )
}
