import type { Queryable } from '../postgres/pool.ts'
import { eventColumns, type StoredEvent } from './stored-event.ts'

/** The event of an id; null where the log has none. */
export async function findEvent(db: Queryable, eventId: string): Promise<StoredEvent | null> {
  const { rows } = await db.query<StoredEvent>(`select ${eventColumns} from events where event_id = $1`, [
    eventId,
  ])
  return rows[0] ?? null
}

/** The events at these positions, in order. */
export async function eventsAt(db: Queryable, positions: readonly number[]): Promise<StoredEvent[]> {
  const { rows } = await db.query<StoredEvent>(
    `select ${eventColumns} from events where position = any($1::bigint[]) order by position`,
    [positions],
  )
  return rows
}
