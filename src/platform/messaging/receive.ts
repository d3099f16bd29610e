import { decode } from '../../contracts/decode.ts'
import { headers } from '../../contracts/headers.ts'
import { AppError } from '../errors.ts'
import { headerText, type IncomingRecord } from '../kafka/records.ts'
import type { AnyEvent, Arrival } from './run.ts'

/** What a record turns out to be: an event for this handler, one that is not its business, or no event at all. */
export type Received =
  | { readonly kind: 'event'; readonly arrival: Arrival }
  | { readonly kind: 'skipped'; readonly eventType: string }
  | { readonly kind: 'undeliverable'; readonly record: IncomingRecord; readonly error: AppError }

export function receive(record: IncomingRecord, eventTypes: ReadonlySet<string>, attempt = 1): Received {
  const decoded = decode(record.value)
  if (!decoded.ok) {
    return { kind: 'undeliverable', record, error: new AppError(decoded.code, 'fatal', decoded.detail) }
  }
  const event = decoded.event as AnyEvent
  if (!eventTypes.has(event.event_type)) return { kind: 'skipped', eventType: event.event_type }
  const position = headerText(record.headers, headers.position)
  const delivery = {
    event,
    position: position !== null && /^\d{1,18}$/.test(position) ? BigInt(position) : null,
    traceparent: headerText(record.headers, headers.traceparent),
    attempt,
  }
  return { kind: 'event', arrival: { record, delivery } }
}
