import type { Entity } from '../contracts/cache-keys.ts'
import type { Queryable } from '../platform/postgres/pool.ts'
import type { Step } from './fold.ts'
import type { ReviewState } from './review-state.ts'

/** The schema of the projection that is read, of one that is built anew beside it, or of one to compare it with. */
export type Projection = 'analytics' | 'analytics_rebuild' | 'pg_temp'

/** In SQL over `events`; null for an event of no review, whose id need not be a UUID. */
export const reviewIdOfEvent = "case events.aggregate_type when 'Review' then events.aggregate_id::uuid end"

/** The reviews that the projection holds, by id. */
export async function readReviews(
  db: Queryable,
  projection: Projection,
  reviewIds: readonly string[],
): Promise<Map<string, ReviewState>> {
  if (reviewIds.length === 0) return new Map()
  const { rows } = await db.query<ReviewState & { reviewId: string }>({
    name: `${projection}.read_reviews`,
    text: `
      select review_id as "reviewId", version, entity_type as "entityType", entity_id as "entityId", halves, live,
        created_on::text as "createdOn"
      from ${projection}.reviews where review_id = any($1::uuid[])`,
    values: [reviewIds],
  })
  return new Map(rows.map(({ reviewId, ...state }) => [reviewId, state]))
}

/** How many live reviews have these halves after the steps, less those that had them before. */
const moved = (halves: number) =>
  `count(*) filter (where halves_after = ${halves}) - count(*) filter (where halves_before = ${halves})`
const movedHistogram = `array[${[2, 3, 4, 5, 6, 7, 8, 9, 10].map(moved).join(', ')}]`

/** An entity, and how many events its statistics have seen. */
export type EntityRevision = Entity & { readonly revision: number }

export interface Taken {
  /** How many of the steps. */
  readonly count: number
  /** The entities whose statistics changed with them. */
  readonly revisions: readonly EntityRevision[]
}

/**
 * Takes all these steps in one statement, each review once, unless another worker changed the review meanwhile:
 * such a step is left out, wholly.
 *
 * Entities are written in the order of their primary key: workers of several partitions meet there, and must not
 * wait for each other in a ring.
 */
export async function takeSteps(
  db: Queryable,
  projection: Projection,
  steps: readonly Step[],
): Promise<Taken> {
  const { rows } = await db.query<{ count: number; revisions: string | null }>({
    name: `${projection}.take_steps`,
    text: `
    with step as (
      select *, case when live then halves end as halves_after
      from json_to_recordset($1) as s (
        review_id uuid, expected integer, version integer, entity_type text, entity_id text, halves smallint,
        live boolean, created_on date, halves_before smallint, position bigint, changed_at timestamptz
      )
    ),
    created as (
      insert into ${projection}.reviews
        (review_id, version, entity_type, entity_id, halves, live, created_on, position, changed_at)
      select review_id, version, entity_type, entity_id, halves, live, created_on, position, changed_at
      from step where expected = 0 order by review_id
      on conflict (review_id) do nothing
      returning review_id
    ),
    advanced as (
      update ${projection}.reviews as review set
        version = step.version,
        halves = step.halves,
        live = step.live,
        position = greatest(review.position, step.position),
        changed_at = greatest(review.changed_at, step.changed_at)
      from step
      where step.expected > 0 and review.review_id = step.review_id and review.version = step.expected
        -- Says the same once more, so that they are looked up, however few there were when this was planned.
        and review.review_id = any (array(select review_id from step where expected > 0))
      returning review.review_id
    ),
    taken as (
      select step.* from step
      join (select review_id from created union all select review_id from advanced) as done using (review_id)
    ),
    stats as (
      insert into ${projection}.entity_stats as stats
        (entity_type, entity_id, histogram, revision, position, updated_at)
      select entity_type, entity_id, ${movedHistogram}, sum(version - expected), max(position), max(changed_at)
      from taken group by entity_type, entity_id order by entity_type, entity_id
      on conflict (entity_type, entity_id) do update set
        histogram = array(
          select slot.present + slot.moved
          from unnest(stats.histogram, excluded.histogram) with ordinality as slot (present, moved, nth)
          order by nth
        ),
        revision = stats.revision + excluded.revision,
        position = greatest(stats.position, excluded.position),
        updated_at = greatest(stats.updated_at, excluded.updated_at)
      returning entity_type as "entityType", entity_id as "entityId", revision
    ),
    days as (
      insert into ${projection}.entity_days as days (entity_type, entity_id, day, count, halves)
      select entity_type, entity_id, created_on, count(halves_after) - count(halves_before),
        coalesce(sum(halves_after), 0) - coalesce(sum(halves_before), 0)
      from taken where halves_after is distinct from halves_before
      group by entity_type, entity_id, created_on order by entity_type, entity_id, created_on
      on conflict (entity_type, entity_id, day) do update set
        count = days.count + excluded.count,
        halves = days.halves + excluded.halves
    )
    select (select count(*) from taken) as count, (select json_agg(stats) from stats) as revisions`,
    values: [JSON.stringify(steps.map(toRow))],
  })
  const { count = 0, revisions } = rows[0] ?? {}
  return { count, revisions: revisions ? (JSON.parse(revisions) as EntityRevision[]) : [] }
}

function toRow({ reviewId, before, after, position, changedAt }: Step) {
  return {
    review_id: reviewId,
    expected: before?.version ?? 0,
    version: after.version,
    entity_type: after.entityType,
    entity_id: after.entityId,
    halves: after.halves,
    live: after.live,
    created_on: after.createdOn,
    halves_before: before?.live ? before.halves : null,
    position,
    changed_at: changedAt,
  }
}

/** The revision of each of these entities that has statistics. */
export async function readRevisions(
  db: Queryable,
  projection: Projection,
  entities: readonly Entity[],
): Promise<EntityRevision[]> {
  if (entities.length === 0) return []
  const { rows } = await db.query<EntityRevision>({
    name: `${projection}.read_revisions`,
    text: `
      select entity_type as "entityType", entity_id as "entityId", revision
      from unnest($1::text[], $2::text[]) as wanted (entity_type, entity_id)
      cross join lateral (
        select revision from ${projection}.entity_stats as stats
        where stats.entity_type = wanted.entity_type and stats.entity_id = wanted.entity_id offset 0
      ) as known`,
    values: [entities.map(({ entityType }) => entityType), entities.map(({ entityId }) => entityId)],
  })
  return rows
}
