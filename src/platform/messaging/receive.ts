import { decode } from '../../contracts/decode.ts'
import { headers } from '../../contracts/headers.ts'
import { AppError } from '../errors.ts'
import { headerText } from '../kafka/records.ts'
import type { Attempt } from './attempt.ts'
import type { AnyEvent, Arrival } from './run.ts'

/** What a record turns out to be: an event for this handler, one that is not its business, or no event at all. */
export type Received =
  | { readonly kind: 'event'; readonly arrival: Arrival }
  | { readonly kind: 'skipped'; readonly eventType: string }
  | { readonly kind: 'undeliverable'; readonly attempt: Attempt; readonly error: AppError }

export function receive(attempt: Attempt, eventTypes: ReadonlySet<string>): Received {
  const { record, number } = attempt
  const decoded = decode(record.value)
  if (!decoded.ok) {
    return { kind: 'undeliverable', attempt, error: new AppError(decoded.code, 'fatal', decoded.detail) }
  }
  const event = decoded.event as AnyEvent
  if (!eventTypes.has(event.event_type)) return { kind: 'skipped', eventType: event.event_type }
  const position = headerText(record.headers, headers.position)
  const delivery = {
    event,
    position: position !== null && /^\d{1,18}$/.test(position) ? BigInt(position) : null,
    traceparent: headerText(record.headers, headers.traceparent),
    attempt: number,
  }
  return { kind: 'event', arrival: { attempt, delivery } }
}
