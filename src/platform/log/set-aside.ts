import type { Queryable } from '../postgres/pool.ts'
import { eventColumns, type StoredEvent } from './stored-event.ts'

export interface SetAside {
  readonly event: StoredEvent
  /** `record_too_large`, or `behind_another` for what waits behind one of its aggregate. */
  readonly reason: 'record_too_large' | 'behind_another'
}

/** The aggregates of which an event was set aside, as `aggregateKey` names them. */
export async function heldAggregates(db: Queryable): Promise<Set<string>> {
  const { rows } = await db.query<Pick<StoredEvent, 'aggregate_type' | 'aggregate_id'>>(
    'select distinct aggregate_type, aggregate_id from relay_set_aside',
  )
  return new Set(rows.map(aggregateKey))
}

export function aggregateKey(event: Pick<StoredEvent, 'aggregate_type' | 'aggregate_id'>): string {
  return `${event.aggregate_type}:${event.aggregate_id}`
}

export async function setAside(db: Queryable, events: readonly SetAside[]): Promise<void> {
  await db.query(
    `insert into relay_set_aside (position, aggregate_type, aggregate_id, reason)
     select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) on conflict do nothing`,
    [
      events.map(({ event }) => event.position),
      events.map(({ event }) => event.aggregate_type),
      events.map(({ event }) => event.aggregate_id),
      events.map(({ reason }) => reason),
    ],
  )
}

export interface SetAsideAggregate {
  readonly aggregate_type: string
  readonly aggregate_id: string
  readonly events: number
  readonly first_position: number
  readonly set_aside_at: Date
  readonly retry_requested: boolean
}

/** What is set aside, by aggregate, the oldest first. */
export async function listSetAside(db: Queryable): Promise<SetAsideAggregate[]> {
  const { rows } = await db.query<SetAsideAggregate>(
    `select aggregate_type, aggregate_id, count(*) as events, min(position) as first_position,
       min(set_aside_at) as set_aside_at, bool_or(retry_requested) as retry_requested
     from relay_set_aside group by aggregate_type, aggregate_id order by min(position)`,
  )
  return rows
}

/** Has the relay publish an aggregate's events that were set aside, in order. Returns how many those are. */
export async function requestRetry(db: Queryable, aggregateId: string): Promise<number> {
  const { rowCount } = await db.query(
    'update relay_set_aside set retry_requested = true where aggregate_id = $1',
    [aggregateId],
  )
  return rowCount ?? 0
}

/** All that is set aside of the aggregates for which a retry was requested, oldest first. */
export async function readRequested(db: Queryable): Promise<StoredEvent[]> {
  const { rows } = await db.query<StoredEvent>({
    name: 'set_aside.requested',
    text: `select ${eventColumns} from events where position in (
             select aside.position from relay_set_aside as aside
             join relay_set_aside as asked using (aggregate_type, aggregate_id) where asked.retry_requested
           ) order by position`,
  })
  return rows
}

/**
 * Of what a retry was requested for this is published now, and the rest has to wait for another request. One that
 * came meanwhile, for others, stays.
 */
export async function settleRetries(
  db: Queryable,
  requested: readonly StoredEvent[],
  published: readonly StoredEvent[],
): Promise<void> {
  await db.query(
    `with gone as (delete from relay_set_aside where position = any($1::bigint[]) returning position)
     update relay_set_aside set retry_requested = false
     where position = any($2::bigint[]) and position not in (select position from gone)`,
    [published.map(({ position }) => position), requested.map(({ position }) => position)],
  )
}
