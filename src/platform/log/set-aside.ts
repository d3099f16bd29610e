import type { Queryable } from '../postgres/pool.ts'
import type { StoredEvent } from './stored-event.ts'

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

export async function countSetAside(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select count(*) as count from relay_set_aside')
  return rows[0]?.count ?? 0
}
