import type { GroupName } from '../../contracts/consumer-groups.ts'
import type { Envelope, EventDefinition, EventOf } from '../../contracts/event.ts'
import type { AppError } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'

/** What came of one event. The runtime alone acts on it. */
export type Outcome =
  | { readonly verdict: 'ok' }
  /** Its effect on the outside failed for now: try this event again, not before `afterMs` where given. */
  | { readonly verdict: 'retry'; readonly error: AppError; readonly afterMs?: number }
  /** It can never succeed. */
  | { readonly verdict: 'dead-letter'; readonly error: AppError }

export const ok: Outcome = { verdict: 'ok' }

/** One event as a handler sees it: decoded, upcast, validated, and for versioned types known to the log. */
export interface Delivery<E = Envelope> {
  readonly event: E
  /** The event's position in the log; null for events that do not come from the log. */
  readonly position: bigint | null
  /** W3C trace context of the producer's span, for the spans of the effect. */
  readonly traceparent: string | null
  /** 1 on the first try, counted over retries. */
  readonly attempt: number
}

export interface HandlerContext {
  readonly log: Logger
  /** Aborted when the worker stops or loses its partitions: begin nothing new. */
  readonly signal: AbortSignal
}

/**
 * What one consumer group does. A handler knows only events; offsets, retries, dead letters, traces, metrics and
 * logs belong to the runtime.
 *
 * `handle` gets the events of one batch, in order for each aggregate, and returns an outcome for each, in the
 * same order, once its effects are stored. It throws a retryable `AppError` when a dependency is down: the
 * runtime then gives it the same batch again, with backoff. Anything else that it throws is a bug, and the
 * event that causes it becomes a dead letter. It may see an event again, and must absorb the repeat; and it may run
 * twice at once, for new events and for what `retry.queue` brings back.
 */
export interface Handler<D extends EventDefinition = EventDefinition> {
  /** Stored with offsets, retries and dead letters for ever: never rename it. */
  readonly group: GroupName
  readonly events: readonly D[]
  handle(batch: readonly Delivery<EventOf<D>>[], context: HandlerContext): Promise<readonly Outcome[]>
}
