import type { Queryable } from '../platform/postgres/pool.ts'
import { type Projection, reviewIdOfEvent } from './projection-store.ts'

export interface EntityNumbers {
  readonly histogram: readonly number[]
  readonly revision: number
  readonly position: number
  readonly updated_at: string
}

/** An entity of which the live projection says something else than its events. */
export interface Difference {
  readonly entity_type: string
  readonly entity_id: string
  /** Null where it has no statistics at all. */
  readonly live: EntityNumbers | null
  readonly expected: EntityNumbers | null
  /** Reviews of it, and days of its series, that differ. */
  readonly reviews: number
  readonly days: number
}

/**
 * The entities in which the live projection and `expected` differ, at most `limit` of them, and how many there are.
 * An entity of which `expected` knows a later event does not differ: the live one has only not come to it yet. The
 * live revision may be ahead, since a rebuild lets none fall back.
 */
export async function findDifferences(
  db: Queryable,
  expected: Projection,
  limit: number,
): Promise<{ readonly count: number; readonly differences: readonly Difference[] }> {
  const { rows } = await db.query<Difference & { count: number }>(
    `with later as (
      select distinct expected.entity_type, expected.entity_id
      from ${expected}.reviews as expected left join analytics.reviews as live using (review_id)
      where expected.version > coalesce(live.version, 0)
    ),
    review as (
      select coalesce(live.entity_type, expected.entity_type) as entity_type,
        coalesce(live.entity_id, expected.entity_id) as entity_id, count(*) as reviews
      from analytics.reviews as live full join ${expected}.reviews as expected using (review_id)
      where (live.version, live.entity_type, live.entity_id, live.halves, live.live, live.created_on)
          is distinct from (
            expected.version, expected.entity_type, expected.entity_id, expected.halves, expected.live,
            expected.created_on
          )
      group by 1, 2
    ),
    day as (
      select entity_type, entity_id, count(*) as days
      from (select * from analytics.entity_days where (count, halves) <> (0, 0)) as live
      full join (select * from ${expected}.entity_days where (count, halves) <> (0, 0)) as expected
        using (entity_type, entity_id, day)
      where (live.count, live.halves) is distinct from (expected.count, expected.halves)
      group by entity_type, entity_id
    ),
    stats as (
      select entity_type, entity_id from analytics.entity_stats as live
      full join ${expected}.entity_stats as expected using (entity_type, entity_id)
      where (live.histogram, live.position, live.updated_at)
          is distinct from (expected.histogram, expected.position, expected.updated_at)
        or live.revision < expected.revision
    ),
    differing as (
      select entity_type, entity_id from review
      union select entity_type, entity_id from day
      union select entity_type, entity_id from stats
      except select entity_type, entity_id from later
    )
    select count(*) over () as count, entity_type, entity_id,
      ${numbers('live')} as live, ${numbers('expected')} as expected,
      coalesce(reviews, 0) as reviews, coalesce(days, 0) as days
    from differing
    left join analytics.entity_stats as live using (entity_type, entity_id)
    left join ${expected}.entity_stats as expected using (entity_type, entity_id)
    left join review using (entity_type, entity_id)
    left join day using (entity_type, entity_id)
    order by entity_type, entity_id
    limit $1`,
    [limit],
  )
  return { count: rows[0]?.count ?? 0, differences: rows.map(({ count: _, ...difference }) => difference) }
}

const numbers = (stats: 'live' | 'expected') => `
  case when ${stats}.entity_id is not null then jsonb_build_object(
    'histogram', ${stats}.histogram, 'revision', ${stats}.revision, 'position', ${stats}.position,
    'updated_at', to_char(${stats}.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  ) end`

/** Events of reviews that the live projection has not come to yet, and the age of the oldest of them. */
export interface Behind {
  readonly events: number
  readonly oldest_seconds: number
}

export async function countBehind(db: Queryable): Promise<Behind> {
  const { rows } = await db.query<Behind>(
    `select count(*) as events,
       coalesce(extract(epoch from clock_timestamp() - min(occurred_at)), 0)::float8 as oldest_seconds
     from events left join analytics.reviews as live on live.review_id = ${reviewIdOfEvent}
     where aggregate_type = 'Review' and aggregate_version > coalesce(live.version, 0)`,
  )
  return rows[0] ?? { events: 0, oldest_seconds: 0 }
}
