import type { Entity } from '../contracts/cache-keys.ts'
import type { Queryable } from '../platform/postgres/pool.ts'

export interface StatsRow {
  /** How many live reviews have each of the nine ratings. */
  readonly histogram: readonly number[]
  readonly revision: number
  readonly position: number
  readonly updatedAt: Date | null
}

export async function readStats(db: Queryable, entity: Entity): Promise<StatsRow | undefined> {
  const { rows } = await db.query<StatsRow>({
    name: 'analytics.read_stats',
    // As float8, since the client leaves an array of int8 as texts.
    text: `select histogram::float8[] as histogram, revision, position, updated_at as "updatedAt"
      from analytics.entity_stats where entity_type = $1 and entity_id = $2`,
    values: [entity.entityType, entity.entityId],
  })
  return rows[0]
}

export interface DayRow {
  /** In UTC, `YYYY-MM-DD`. */
  readonly day: string
  readonly count: number
  readonly halves: number
  readonly views: number
}

/** The days in `[from, to)` that have a row, oldest first. */
export async function readDays(db: Queryable, entity: Entity, from: string, to: string): Promise<DayRow[]> {
  const { rows } = await db.query<DayRow>({
    name: 'analytics.read_days',
    text: `
      with reviewed as (
        select day, count, halves from analytics.entity_days
        where entity_type = $1 and entity_id = $2 and day >= $3::date and day < $4::date
      ),
      viewed as (
        select day, views from entity_views
        where entity_type = $1 and entity_id = $2 and day >= $3::date and day < $4::date
      )
      select day::text as day, coalesce(count, 0) as count, coalesce(halves, 0) as halves,
        coalesce(views, 0) as views
      from reviewed full join viewed using (day)
      order by day`,
    values: [entity.entityType, entity.entityId, from, to],
  })
  return rows
}

/** The entity's revision, 0 without one, once a review's version is applied; null before. */
export async function revisionWith(
  db: Queryable,
  entity: Entity,
  reviewId: string,
  version: number,
): Promise<number | null> {
  const { rows } = await db.query<{ revision: number }>({
    name: 'analytics.revision_with',
    text: `select coalesce(stats.revision, 0) as revision
      from analytics.reviews left join analytics.entity_stats as stats
        on stats.entity_type = $3 and stats.entity_id = $4
      where review_id = $1 and version >= $2`,
    values: [reviewId, version, entity.entityType, entity.entityId],
  })
  return rows[0]?.revision ?? null
}
