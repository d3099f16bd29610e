import type { EventDefinition, EventOf } from '../../contracts/event.ts'
import type { Attempt } from './attempt.ts'
import type { Delivery, HandlerContext, Outcome } from './handler.ts'

export type AnyEvent = EventOf<EventDefinition>

/** An event on its way to the handler, and the record that brought it. */
export interface Arrival {
  readonly attempt: Attempt
  readonly delivery: Delivery<AnyEvent>
}

/** Brings events to their effects: an outcome for each, in their order. */
export type Run = (arrivals: readonly Arrival[], context: HandlerContext) => Promise<readonly Outcome[]>

/** One concern around the handler. */
export type Middleware = (next: Run) => Run

/** The first named is the outermost. */
export function compose(run: Run, ...middlewares: readonly Middleware[]): Run {
  return middlewares.reduceRight((inner, middleware) => middleware(inner), run)
}
