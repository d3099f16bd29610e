import type { Envelope } from '../../contracts/event.ts'
import { mostInteger } from '../postgres/integer.ts'
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

export interface AggregateId {
  readonly type: string
  readonly id: string
}

/** However many fit, this is about as much as one answer holds; the first event comes, whatever its size. */
const mostBytes = 4_000_000

/** The events of one aggregate after a version, oldest first: at most so many, and at most about 4 MB of them. */
export async function readAggregate(
  db: Queryable,
  { type, id }: AggregateId,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<StoredEvent[]> {
  const { rows } = await db.query<StoredEvent>({
    name: 'log.read_aggregate',
    text: `
      select ${eventColumns} from (
        select *, sum(octet_length(data::text)) over (order by aggregate_version) - octet_length(data::text) as before
        from (
          select ${eventColumns} from events
          where aggregate_type = $1 and aggregate_id = $2 and aggregate_version > $3
          order by aggregate_version limit $4
        ) as asked
      ) as sized
      where before < $5 order by aggregate_version`,
    values: [type, id, after, limit, mostBytes],
  })
  return rows
}

/** The last events of one aggregate, oldest first. */
export async function readNewest(
  db: Queryable,
  { type, id }: AggregateId,
  limit: number,
): Promise<StoredEvent[]> {
  const { rows } = await db.query<StoredEvent>({
    name: 'log.read_newest',
    text: `select ${eventColumns} from events where aggregate_type = $1 and aggregate_id = $2
      order by aggregate_version desc limit $3`,
    values: [type, id, limit],
  })
  return rows.reverse()
}

/** The log has no U+0000, and no version that is no `integer`: Postgres would refuse the question. */
function couldBeHeld({ aggregate_id, aggregate_version }: Asked): boolean {
  return !aggregate_id.includes('\u0000') && (aggregate_version ?? 1) <= mostInteger
}

type Asked = Pick<Envelope, 'event_id' | 'aggregate_id' | 'aggregate_version'>

/** The ids of those of these events that the log holds, as that version of that aggregate. */
export async function knownEvents(db: Queryable, events: readonly Asked[]): Promise<Set<string>> {
  const asked = events.filter(couldBeHeld)
  const { rows } = await db.query<{ event_id: string }>({
    name: 'log.known_events',
    text: `select event_id from unnest($1::uuid[], $2::text[], $3::integer[])
             as asked (event_id, aggregate_id, aggregate_version)
           cross join lateral (
             select from events where events.event_id = asked.event_id
               and events.aggregate_id = asked.aggregate_id
               and events.aggregate_version = asked.aggregate_version offset 0
           ) as held`,
    values: [
      asked.map(({ event_id }) => event_id),
      asked.map(({ aggregate_id }) => aggregate_id),
      asked.map(({ aggregate_version }) => aggregate_version ?? null),
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
