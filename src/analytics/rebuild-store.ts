import type { Entity } from '../contracts/cache-keys.ts'
import type { Queryable } from '../platform/postgres/pool.ts'
import { type Projection, reviewIdOfEvent } from './projection-store.ts'

/** A projection that nobody reads. */
export type ShadowProjection = Exclude<Projection, 'analytics'>

const tables = ['reviews', 'entity_stats', 'entity_days'] as const

/** An empty projection beside the live one; what an earlier attempt left goes. */
export async function createProjection(db: Queryable, projection: ShadowProjection): Promise<void> {
  if (projection === 'pg_temp') {
    for (const table of tables) {
      await db.query(`create temp table ${table} (like analytics.${table} including all) on commit drop`)
    }
    return
  }
  await dropProjection(db, projection)
  await db.query(`create schema ${projection}`)
  for (const table of tables) {
    await db.query(`create table ${projection}.${table} (like analytics.${table} including all)`)
  }
}

export async function dropProjection(db: Queryable, projection: ShadowProjection): Promise<void> {
  await db.query(`drop schema if exists ${projection} cascade`)
}

/** The last position of the log. Everything up to it is visible. */
export async function readHead(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ position: number }>('select position from log_head')
  return rows[0]?.position ?? 0
}

export interface FoldOptions {
  /** Events at positions `after` < p <= `to`. */
  readonly after: number
  readonly to: number
  /** Each review only as far as the live projection is with it. */
  readonly asFarAsLive?: boolean
  /** The `nth` of so many shares, from 0: each review is in one of them, so they can be folded side by side. */
  readonly share?: { readonly of: number; readonly nth: number }
}

/**
 * Folds a range of the log into the projection's reviews, which hold exactly what came before: the same rules as
 * `fold.ts`, for all of it at once.
 */
export async function foldLog(
  db: Queryable,
  projection: ShadowProjection,
  { after, to, asFarAsLive = false, share = { of: 1, nth: 0 } }: FoldOptions,
): Promise<void> {
  const limit = asFarAsLive
    ? `join analytics.reviews as live on live.review_id = ${reviewIdOfEvent} and aggregate_version <= live.version`
    : ''
  await db.query(
    `with change as (
      select ${reviewIdOfEvent} as review_id, aggregate_version, event_type, occurred_at, events.position,
        data.entity_type, data.entity_id,
        2 * coalesce(
          case event_type when 'review.created.v1' then data.rating end,
          (data.changes #>> '{rating,new}')::numeric
        ) as halves
      from events
      cross join lateral json_to_record(events.data)
        as data (entity_type text, entity_id text, rating numeric, changes json)
      ${limit}
      where events.position > $1 and events.position <= $2 and aggregate_type = 'Review'
        and abs(hashtext(aggregate_id) % $3::integer) = $4
    ),
    folded as (
      select review_id, max(aggregate_version) as version,
        min(entity_type) as entity_type, min(entity_id) as entity_id,
        -- The last that is given, without sorting for it.
        max(aggregate_version::bigint * 100 + halves::integer) % 100 as halves,
        bool_and(event_type <> 'review.deleted.v1') as live,
        min((occurred_at at time zone 'UTC')::date) filter (where event_type = 'review.created.v1') as created_on,
        max(position) as position, max(occurred_at) as changed_at
      from change group by review_id
    ),
    created as (
      insert into ${projection}.reviews
        (review_id, version, entity_type, entity_id, halves, live, created_on, position, changed_at)
      select review_id, version, entity_type, entity_id, halves, live, created_on, position, changed_at
      from folded where created_on is not null
    )
    update ${projection}.reviews as review set
      version = folded.version,
      halves = coalesce(folded.halves, review.halves),
      live = review.live and folded.live,
      position = folded.position,
      changed_at = greatest(review.changed_at, folded.changed_at)
    from folded where folded.created_on is null and review.review_id = folded.review_id`,
    [after, to, share.of, share.nth],
  )
}

const histogram = `array[${[2, 3, 4, 5, 6, 7, 8, 9, 10]
  .map((halves) => `count(*) filter (where live and halves = ${halves})`)
  .join(', ')}]`

/** Fills the projection's empty statistics of entities with what follows from its reviews. */
export async function deriveStatistics(db: Queryable, projection: ShadowProjection): Promise<void> {
  await db.query(
    `insert into ${projection}.entity_stats (entity_type, entity_id, histogram, revision, position, updated_at)
     select entity_type, entity_id, ${histogram}, sum(version), max(position), max(changed_at)
     from ${projection}.reviews group by entity_type, entity_id`,
  )
}

/** The same for the days of entities. */
export async function deriveDays(db: Queryable, projection: ShadowProjection): Promise<void> {
  await db.query(
    `insert into ${projection}.entity_days (entity_type, entity_id, day, count, halves)
     select entity_type, entity_id, created_on, count(*), sum(halves)
     from ${projection}.reviews where live group by entity_type, entity_id, created_on`,
  )
}

/** Stops whoever writes to the live projection until the transaction ends; readers go on. */
export async function holdWriters(db: Queryable): Promise<void> {
  await db.query(
    'lock table analytics.reviews, analytics.entity_stats, analytics.entity_days in exclusive mode',
  )
}

/**
 * Lets no entity's revision fall behind what caches know: one of which the rebuilt projection says something else than
 * the live one gets a higher. Returns those, also where the rebuilt one has no such entity.
 */
export async function carryRevisions(db: Queryable): Promise<(Entity & { revision: number })[]> {
  const { rows } = await db.query<Entity & { revision: number }>(
    `with compared as (
      select entity_type, entity_id, rebuilt.revision as rebuilt, live.revision as live,
        (live.histogram, live.position, live.updated_at)
            is distinct from (rebuilt.histogram, rebuilt.position, rebuilt.updated_at)
          or live.revision < rebuilt.revision as differs
      from analytics.entity_stats as live
      full join analytics_rebuild.entity_stats as rebuilt using (entity_type, entity_id)
    ),
    carried as (
      select entity_type, entity_id, differs, rebuilt, greatest(rebuilt, live + differs::integer) as revision
      from compared
    ),
    raised as (
      update analytics_rebuild.entity_stats as stats set revision = carried.revision
      from carried
      where stats.entity_type = carried.entity_type and stats.entity_id = carried.entity_id
        and carried.revision > carried.rebuilt
    )
    select entity_type as "entityType", entity_id as "entityId", revision from carried where differs`,
  )
  return rows
}

/**
 * Puts the rebuilt projection in the place of the live one. To be called while writers are held: who waits for the
 * tables finds the new ones under their names.
 */
export async function takeThePlace(db: Queryable): Promise<void> {
  await db.query(
    'lock table analytics.reviews, analytics.entity_stats, analytics.entity_days in access exclusive mode',
  )
  await db.query('alter schema analytics rename to analytics_replaced')
  await db.query('alter schema analytics_rebuild rename to analytics')
  await db.query('drop schema analytics_replaced cascade')
}
