import { appendParameters, appendWritten, type NewEvent } from '../platform/log/append.ts'
import type { Queryable } from '../platform/postgres/pool.ts'
import type { Review } from './review.ts'

/** A decision ready to be written: the state it leads to, and the event as the log keeps it. */
export interface Write {
  readonly review: Review
  readonly event: NewEvent
}

/** The position of the event in the log; null when the state was not what the decision was made on. */
export type Written = { readonly position: number } | null

const result = 'select aggregate_id, position from appended cross join announced'

// The rows are inserted in the order of their unique index, the same in every process: two batches that meet
// wait for each other and never in a circle.
const insertStatement = `
with wanted as (
  select * from unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::text[], $8::timestamptz[]
  ) as w (review_id, user_id, entity_type, entity_id, rating, title, content, created_at)
),
written as (
  insert into reviews (
    review_id, user_id, entity_type, entity_id, rating, title, content, version, created_at, updated_at
  )
  select review_id, user_id, entity_type, entity_id, rating, title, content, 1, created_at, created_at
  from wanted
  order by entity_id collate "C", entity_type collate "C", user_id collate "C"
  on conflict (entity_id, entity_type, user_id) where deleted_at is null do nothing
  returning review_id::text as aggregate_id
),
${appendWritten(9)}
${result}`

/** Creates reviews and appends their events. Null where the user has a live review of the entity already. */
export async function insertReviews(db: Queryable, writes: readonly Write[]): Promise<Written[]> {
  const reviews = writes.map(({ review }) => review)
  return writtenOf(db, writes, 'reviews.insert', insertStatement, [
    reviews.map((review) => review.review_id),
    reviews.map((review) => review.user_id),
    reviews.map((review) => review.entity_type),
    reviews.map((review) => review.entity_id),
    reviews.map((review) => review.rating),
    reviews.map((review) => review.title),
    reviews.map((review) => review.content),
    reviews.map((review) => review.created_at),
  ])
}

// The rows are locked in the order of their ids before any is changed, for the same reason.
const changeStatement = `
with wanted as (
  select * from unnest(
    $1::uuid[], $2::integer[], $3::numeric[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[]
  ) as w (review_id, version, rating, title, content, updated_at, deleted_at)
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
${appendWritten(8)}
${result}`

/**
 * Changes reviews, each at most once in a call, and appends their events. Null where the review is not at the
 * version that the decision was made on.
 */
export async function changeReviews(db: Queryable, writes: readonly Write[]): Promise<Written[]> {
  const reviews = writes.map(({ review }) => review)
  return writtenOf(db, writes, 'reviews.change', changeStatement, [
    reviews.map((review) => review.review_id),
    reviews.map((review) => review.version),
    reviews.map((review) => review.rating),
    reviews.map((review) => review.title),
    reviews.map((review) => review.content),
    reviews.map((review) => review.updated_at),
    reviews.map((review) => review.deleted_at),
  ])
}

async function writtenOf(
  db: Queryable,
  writes: readonly Write[],
  name: string,
  text: string,
  state: readonly unknown[],
): Promise<Written[]> {
  const values = [...state, ...appendParameters(writes.map(({ event }) => event))]
  const { rows } = await db.query<{ aggregate_id: string; position: number }>({ name, text, values })
  const positions = new Map(rows.map(({ aggregate_id, position }) => [aggregate_id, { position }]))
  return writes.map(({ review }) => positions.get(review.review_id) ?? null)
}
