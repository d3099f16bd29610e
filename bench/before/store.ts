import { randomUUID } from 'node:crypto'
import type { Pool } from '../../src/platform/postgres/pool.ts'

export interface NewReview {
  readonly entity_type: string
  readonly entity_id: string
  readonly user_id: string
  readonly rating: number
  readonly title?: string | null
  readonly content: string
}

export interface Review extends NewReview {
  readonly review_id: string
  readonly created_at: string
}

/** The tables that such a service has. */
export const schema = `
create schema before;
create table before.reviews (
  review_id uuid primary key,
  user_id text not null,
  entity_type text not null,
  entity_id text not null,
  rating numeric(2, 1) not null,
  title text,
  content text not null,
  created_at timestamptz(3) not null,
  unique (entity_id, entity_type, user_id)
);
create index on before.reviews (entity_id, entity_type, created_at);
create table before.statistics (
  entity_type text not null,
  entity_id text not null,
  count bigint not null,
  sum numeric not null,
  histogram jsonb not null,
  primary key (entity_type, entity_id)
)`

export const dropSchema = 'drop schema if exists before cascade'

/** One row, one commit. */
export async function saveReview(db: Pool, wanted: NewReview): Promise<Review> {
  const review = { ...wanted, review_id: randomUUID(), created_at: new Date().toISOString() }
  const { review_id, user_id, entity_type, entity_id, rating, title = null, content, created_at } = review
  await db.query({
    name: 'before.save',
    text: `insert into before.reviews
      (review_id, user_id, entity_type, entity_id, rating, title, content, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [review_id, user_id, entity_type, entity_id, rating, title, content, created_at],
  })
  return review
}

/** Another commit. */
export async function countReview(db: Pool, { entity_type, entity_id, rating }: Review): Promise<void> {
  await db.query({
    name: 'before.count',
    text: `insert into before.statistics as known (entity_type, entity_id, count, sum, histogram)
      values ($1, $2, 1, $3::numeric, jsonb_build_object($3::text, 1))
      on conflict (entity_type, entity_id) do update set
        count = known.count + 1,
        sum = known.sum + excluded.sum,
        histogram = jsonb_set(known.histogram, array[$3::text],
          to_jsonb(coalesce((known.histogram ->> $3::text)::bigint, 0) + 1))`,
    values: [entity_type, entity_id, rating],
  })
}
