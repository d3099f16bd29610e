import { decode } from '../../contracts/decode.ts'
import { headers } from '../../contracts/headers.ts'
import { AppError, asError } from '../errors.ts'
import { headerInteger, headerText } from '../kafka/records.ts'
import type { Attempt } from './attempt.ts'
import type { AnyEvent, Arrival } from './run.ts'

/** What a record turns out to be: an event for this handler, one that is not its business, or no event at all. */
export type Received =
  | { readonly kind: 'event'; readonly arrival: Arrival }
  | { readonly kind: 'skipped'; readonly eventType: string }
  | { readonly kind: 'undeliverable'; readonly attempt: Attempt; readonly error: AppError }

export function receive(attempt: Attempt, eventTypes: ReadonlySet<string>): Received {
  try {
    return read(attempt, eventTypes)
  } catch (thrown) {
    // As an upcaster may on data that no producer of ours wrote.
    const cause = asError(thrown)
    return {
      kind: 'undeliverable',
      attempt,
      error: new AppError('undecodable', 'fatal', cause.message, { cause }),
    }
  }
}

function read(attempt: Attempt, eventTypes: ReadonlySet<string>): Received {
  const { record, number } = attempt
  const decoded = decode(record.value)
  if (!decoded.ok) {
    return { kind: 'undeliverable', attempt, error: new AppError(decoded.code, 'fatal', decoded.detail) }
  }
  const event = decoded.event as AnyEvent
  if (!eventTypes.has(event.event_type)) return { kind: 'skipped', eventType: event.event_type }
  const delivery = {
    event,
    position: headerInteger(record.headers, headers.position),
    traceparent: headerText(record.headers, headers.traceparent),
    attempt: number,
  }
  return { kind: 'event', arrival: { attempt, delivery } }
}
