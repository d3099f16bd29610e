import type { Queryable } from '../platform/postgres/pool.ts'
import type { Review } from './review.ts'

/** A row as `pg` gives it. */
export interface ReviewRow extends Omit<Review, 'created_at' | 'updated_at' | 'deleted_at'> {
  readonly created_at: Date
  readonly updated_at: Date
  readonly deleted_at: Date | null
}

export const reviewColumns = `review_id, user_id, entity_type, entity_id, rating::float8 as rating, title, content,
  version, created_at, updated_at, deleted_at`

export function toReview(row: ReviewRow): Review {
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    deleted_at: row.deleted_at?.toISOString() ?? null,
  }
}

/** Always fresh, deleted ones too; null for one that never was. */
export async function findReview(db: Queryable, reviewId: string): Promise<Review | null> {
  const { rows } = await db.query<ReviewRow>({
    name: 'reviews.find',
    text: `select ${reviewColumns} from reviews where review_id = $1`,
    values: [reviewId],
  })
  return rows[0] ? toReview(rows[0]) : null
}

/** The same, held by the transaction: nobody else changes it until that ends. */
export async function findReviewForUpdate(client: Queryable, reviewId: string): Promise<Review | null> {
  const { rows } = await client.query<ReviewRow>({
    name: 'reviews.find_for_update',
    text: `select ${reviewColumns} from reviews where review_id = $1 for update`,
    values: [reviewId],
  })
  return rows[0] ? toReview(rows[0]) : null
}

/** The same for many, in their order. */
export async function findReviews(db: Queryable, reviewIds: readonly string[]): Promise<(Review | null)[]> {
  const { rows } = await db.query<ReviewRow>({
    name: 'reviews.find_many',
    text: `select ${reviewColumns} from reviews where review_id = any($1::uuid[])`,
    values: [reviewIds],
  })
  const found = new Map(rows.map((row) => [row.review_id, toReview(row)]))
  return reviewIds.map((id) => found.get(id.toLowerCase()) ?? null)
}

/** The id of the one live review of a user and an entity; null where there is none. */
export async function findLiveReview(
  db: Queryable,
  of: Pick<Review, 'user_id' | 'entity_type' | 'entity_id'>,
): Promise<string | null> {
  const { rows } = await db.query<{ review_id: string }>({
    name: 'reviews.find_live',
    text: `select review_id from reviews
      where entity_id = $1 and entity_type = $2 and user_id = $3 and deleted_at is null`,
    values: [of.entity_id, of.entity_type, of.user_id],
  })
  return rows[0]?.review_id ?? null
}
