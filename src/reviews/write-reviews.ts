import { appendParameters, appendWritten, type NewEvent } from '../platform/log/append.ts'
import type { Queryable } from '../platform/postgres/pool.ts'
import { type Idempotency, keptForHours } from './idempotency.ts'
import type { Review } from './review.ts'

/** A decision ready to be written: the state it leads to, and the event as the log keeps it. */
export interface Write {
  readonly review: Review
  readonly event: NewEvent
}

export interface Change extends Write {
  /** Who deletes what somebody else wrote: that goes into the audit. */
  readonly moderator: string | null
}

export interface Insert extends Write {
  readonly idempotency: Idempotency | null
  /** The answer to remember with the key, as JSON text. */
  readonly response: string
}

/** The position of the event in the log; null when the state was not what the decision was made on. */
export type Written = { readonly position: number } | null

/** Or a request with the same key is under way in another process. */
export type Inserted = Written | 'in_progress'

const reviewArrays =
  '$1::uuid[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::text[], $8::timestamptz[]'
const reviewColumns = 'review_id, user_id, entity_type, entity_id, rating, title, content, created_at'

// The rows are inserted in the order of their unique index, the same in every process: two batches that meet
// wait for each other and never in a circle.
const insertFrom = (wanted: string) => `
  insert into reviews (
    review_id, user_id, entity_type, entity_id, rating, title, content, version, created_at, updated_at
  )
  select review_id, user_id, entity_type, entity_id, rating, title, content, 1, created_at, created_at
  from ${wanted}
  order by entity_id collate "C", entity_type collate "C", user_id collate "C"
  on conflict (entity_id, entity_type, user_id) where deleted_at is null do nothing
  returning review_id::text as aggregate_id`

const insertStatement = `
with written as (${insertFrom(`unnest(${reviewArrays}) as wanted (${reviewColumns})`)}),
${appendWritten(9)}
select aggregate_id, position from appended cross join announced`

// An insert with a key holds it until its commit, and who finds it held is left out at once instead of keeping its batch
// waiting. Only where the key was let go after this statement began does one of another body fail on the key itself.
const insertWithKeysStatement = `
with wanted as (
  select w.*, key is null or pg_try_advisory_xact_lock(hashtextextended(caller || ' ' || key, 0)) as is_free
  from unnest(${reviewArrays}, $9::text[], $10::text[], $11::bytea[], $12::json[])
    as w (${reviewColumns}, caller, key, request_hash, response)
),
written as (${insertFrom(`wanted
  where is_free and not exists (
    select from idempotency_keys used
    where used.caller = wanted.caller and used.key = wanted.key and used.expires_at > now() offset 0
  )`)}),
${appendWritten(13)},
forgotten as (
  delete from idempotency_keys where ctid = any (array(
    select old.ctid from wanted cross join lateral (
      select ctid from idempotency_keys old
      where old.caller = wanted.caller and old.key = wanted.key and old.expires_at <= now() offset 0
    ) as old
    where is_free
  ))
  returning key
),
remembered as (
  insert into idempotency_keys (caller, key, request_hash, review_id, position, response, expires_at)
  select caller, key, request_hash, review_id, position, response, now() + interval '${keptForHours} hours'
  from wanted join appended on appended.aggregate_id = wanted.review_id::text
    -- Makes sure that what is past its time is gone first.
    cross join (select count(*) from forgotten)
  where wanted.key is not null
)
select aggregate_id, position from appended cross join announced
union all
select review_id::text, null from wanted where not is_free`

/** Creates reviews and appends their events. Null where the user has one already, or the key was used. */
export async function insertReviews(db: Queryable, inserts: readonly Insert[]): Promise<Inserted[]> {
  const reviews = inserts.map(({ review }) => review)
  const state = [
    reviews.map((review) => review.review_id),
    reviews.map((review) => review.user_id),
    reviews.map((review) => review.entity_type),
    reviews.map((review) => review.entity_id),
    reviews.map((review) => review.rating),
    reviews.map((review) => review.title),
    reviews.map((review) => review.content),
    reviews.map((review) => review.created_at),
  ]
  const positions = inserts.some(({ idempotency }) => idempotency)
    ? await positionsOf(db, inserts, 'reviews.insert_with_keys', insertWithKeysStatement, [
        ...state,
        inserts.map(({ idempotency }) => idempotency?.caller ?? null),
        inserts.map(({ idempotency }) => idempotency?.key ?? null),
        inserts.map(({ idempotency }) => idempotency?.requestHash ?? null),
        inserts.map(({ idempotency, response }) => (idempotency ? response : null)),
      ])
    : await positionsOf(db, inserts, 'reviews.insert', insertStatement, state)
  return positions.map((position) => (position === null ? 'in_progress' : writtenAt(position)))
}

// The rows are locked in the order of their ids before any is changed, for the same reason.
const changeStatement = `
with wanted as (
  select * from unnest(
    $1::uuid[], $2::integer[], $3::numeric[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
    $8::text[]
  ) as w (review_id, version, rating, title, content, updated_at, deleted_at, moderator)
),
locked as materialized (
  select reviews.review_id from reviews join wanted using (review_id)
  where reviews.version = wanted.version - 1 and reviews.deleted_at is null
  order by reviews.review_id
  for update of reviews
),
written as (
  update reviews set
    rating = wanted.rating, title = wanted.title, content = wanted.content, version = wanted.version,
    updated_at = wanted.updated_at, deleted_at = wanted.deleted_at
  from wanted join locked using (review_id)
  where reviews.review_id = wanted.review_id
    and reviews.version = wanted.version - 1 and reviews.deleted_at is null
  returning reviews.review_id::text as aggregate_id
),
${appendWritten(9)},
audited as materialized (
  select append_audit(moderator, 'review.deleted', aggregate_id, jsonb_build_object('version', version))
  from wanted join appended on aggregate_id = review_id::text
  where moderator is not null
)
select aggregate_id, position from appended cross join announced
-- Never false: it makes sure that the entries are written.
where (select count(*) from audited) >= 0`

/**
 * Changes reviews, each at most once in a call, and appends their events, and of what moderators delete the entries
 * of the audit. Null where the review is not at the
 * version that the decision was made on.
 */
export async function changeReviews(db: Queryable, writes: readonly Change[]): Promise<Written[]> {
  const reviews = writes.map(({ review }) => review)
  const positions = await positionsOf(db, writes, 'reviews.change', changeStatement, [
    reviews.map((review) => review.review_id),
    reviews.map((review) => review.version),
    reviews.map((review) => review.rating),
    reviews.map((review) => review.title),
    reviews.map((review) => review.content),
    reviews.map((review) => review.updated_at),
    reviews.map((review) => review.deleted_at),
    writes.map(({ moderator }) => moderator),
  ])
  return positions.map((position) => writtenAt(position ?? undefined))
}

const writtenAt = (position: number | undefined): Written => (position === undefined ? null : { position })

/** What the statement says of each write; undefined where it says nothing. */
async function positionsOf(
  db: Queryable,
  writes: readonly Write[],
  name: string,
  text: string,
  state: readonly unknown[],
): Promise<(number | null | undefined)[]> {
  const values = [...state, ...appendParameters(writes.map(({ event }) => event))]
  const { rows } = await db.query<{ aggregate_id: string; position: number | null }>({ name, text, values })
  const positions = new Map(rows.map(({ aggregate_id, position }) => [aggregate_id, position]))
  return writes.map(({ review }) => positions.get(review.review_id))
}
