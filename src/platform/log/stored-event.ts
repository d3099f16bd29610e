import type { Envelope } from '../../contracts/event.ts'
import type { Queryable } from '../postgres/pool.ts'

/** One row of the log. `data` and `metadata` are the JSON text that was written: nobody on the way parses it. */
export interface StoredEvent {
  readonly position: number
  readonly event_id: string
  readonly event_type: string
  readonly occurred_at: Date
  readonly aggregate_type: string
  readonly aggregate_id: string
  readonly aggregate_version: number | null
  readonly data: string
  readonly metadata: string
  readonly traceparent: string | null
}

/** The columns of a `StoredEvent`. */
export const eventColumns = `position, event_id, event_type, occurred_at, aggregate_type, aggregate_id, aggregate_version,
  data, metadata, traceparent`

/** The envelope of the contract as JSON text. */
export function envelopeText(event: StoredEvent): string {
  const version = event.aggregate_version === null ? '' : `"aggregate_version":${event.aggregate_version},`
  return (
    `{"event_id":"${event.event_id}","event_type":${JSON.stringify(event.event_type)},` +
    `"timestamp":"${event.occurred_at.toISOString()}","aggregate_id":${JSON.stringify(event.aggregate_id)},` +
    `"aggregate_type":${JSON.stringify(event.aggregate_type)},${version}` +
    `"data":${event.data},"metadata":${event.metadata}}`
  )
}

/** The events after a position, oldest first. Positions are dense: the answer has no hole that fills later. */
export async function readAfter(db: Queryable, position: number, limit: number): Promise<StoredEvent[]> {
  const { rows } = await db.query<StoredEvent>({
    name: 'log.read_after',
    text: `select ${eventColumns} from events where position > $1 order by position limit $2`,
    values: [position, limit],
  })
  return rows
}

/** All events of one aggregate, oldest first. */
export async function readAggregate(db: Queryable, type: string, id: string): Promise<StoredEvent[]> {
  const { rows } = await db.query<StoredEvent>({
    name: 'log.read_aggregate',
    text: `select ${eventColumns} from events where aggregate_type = $1 and aggregate_id = $2 order by position`,
    values: [type, id],
  })
  return rows
}

/** The ids of those of these events that the log holds, as that version of that aggregate. */
export async function knownEvents(
  db: Queryable,
  events: readonly Pick<Envelope, 'event_id' | 'aggregate_id' | 'aggregate_version'>[],
): Promise<Set<string>> {
  const { rows } = await db.query<{ event_id: string }>({
    name: 'log.known_events',
    text: `select event_id from unnest($1::uuid[], $2::text[], $3::integer[])
             as asked (event_id, aggregate_id, aggregate_version)
           join events using (event_id, aggregate_id, aggregate_version)`,
    values: [
      events.map(({ event_id }) => event_id),
      events.map(({ aggregate_id }) => aggregate_id),
      events.map(({ aggregate_version }) => aggregate_version ?? null),
    ],
  })
  return new Set(rows.map(({ event_id }) => event_id))
}

/** Which of these events were followed by another of their aggregate. */
export async function supersededEvents(db: Queryable, eventIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ event_id: string }>(
    `select event_id from events as event where event_id = any($1::uuid[]) and exists (
       select from events as later where later.aggregate_id = event.aggregate_id
         and later.aggregate_type = event.aggregate_type and later.aggregate_version > event.aggregate_version)`,
    [eventIds],
  )
  return new Set(rows.map(({ event_id }) => event_id))
}
