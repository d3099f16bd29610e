import { definitionOf } from '../../contracts/catalogue.ts'
import { headers } from '../../contracts/headers.ts'
import { AppError } from '../errors.ts'
import { envelopeText, type StoredEvent } from './stored-event.ts'

/** A record as it is produced: the envelope as it stands in the log, keyed by its aggregate. */
export interface EventRecord {
  readonly topic: string
  readonly key: string
  readonly value: string
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** @throws {AppError} `unknown_event_type` for a type that this version does not declare */
export function toRecord(event: StoredEvent, traceparent: string | null): EventRecord {
  const definition = definitionOf(event.event_type)
  if (!definition) {
    throw new AppError(
      'unknown_event_type',
      'fatal',
      `the log has ${event.event_type} at ${event.position}, which this version does not know: start a newer relay`,
    )
  }
  return {
    topic: definition.topic.name,
    key: event.aggregate_id,
    value: envelopeText(event),
    headers: [
      [headers.eventType, event.event_type],
      [headers.eventId, event.event_id],
      [headers.position, String(event.position)],
      [headers.contentType, 'application/json'],
      ...(traceparent === null ? [] : [[headers.traceparent, traceparent] as const]),
    ],
  }
}
