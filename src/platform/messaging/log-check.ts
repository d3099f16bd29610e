import { definitionOf } from '../../contracts/catalogue.ts'
import type { Envelope } from '../../contracts/event.ts'
import { AppError } from '../errors.ts'
import type { Outcome } from './handler.ts'
import type { Arrival, Middleware } from './run.ts'

/**
 * The ids of those of these events that the log holds.
 * @throws {AppError} retryable, while the log cannot be asked; anything else is the fault of an event
 */
export type KnownToLog = (events: readonly Envelope[]) => Promise<ReadonlySet<string>>

/**
 * An event that says to come from the log is one that the log holds; anyone can write to a topic. One question for
 * each batch.
 */
export const logCheck =
  (knownToLog: KnownToLog): Middleware =>
  (next) =>
  async (arrivals, context) => {
    const versioned = arrivals.map(({ delivery }) => delivery.event).filter(isVersioned)
    const known = versioned.length === 0 ? new Set<string>() : await knownToLog(versioned)
    const isGenuine = ({ delivery: { event } }: Arrival) => !isVersioned(event) || known.has(event.event_id)
    const genuine = arrivals.filter(isGenuine)
    const outcomes = genuine.length === 0 ? [] : await next(genuine, context)
    const remaining = outcomes.values()
    return arrivals.map((arrival) => (isGenuine(arrival) ? (remaining.next().value ?? unknown) : unknown))
  }

const unknown: Outcome = {
  verdict: 'dead-letter',
  error: new AppError('unknown_to_log', 'fatal', 'the log does not hold this event'),
}

function isVersioned(event: Envelope): boolean {
  return definitionOf(event.event_type)?.versioned ?? false
}
