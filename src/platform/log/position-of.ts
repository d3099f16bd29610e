import type { Queryable } from '../postgres/pool.ts'

/** The position of the event that brought an aggregate to a version; 0 where the log has none. */
export async function positionOf(db: Queryable, type: string, id: string, version: number): Promise<number> {
  const { rows } = await db.query<{ position: number }>({
    name: 'log.position_of',
    text: `select position from events
      where aggregate_id = $1 and aggregate_type = $2 and aggregate_version = $3`,
    values: [id, type, version],
  })
  return rows[0]?.position ?? 0
}
