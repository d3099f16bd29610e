import { isUuid } from '../contracts/uuid.ts'
import type { Queryable } from '../platform/postgres/pool.ts'
import { decodeCursor, encodeCursor, type Place } from './cursor.ts'
import type { Review } from './review.ts'
import { type ReviewRow, reviewColumns, toReview } from './stored-review.ts'

export const sorts = ['newest', 'oldest', 'highest', 'lowest', 'helpful'] as const
export type Sort = (typeof sorts)[number]

export interface ListFilter {
  readonly entity_type?: string
  readonly entity_id?: string
  readonly user_id?: string
  readonly rating?: number
}

export interface List {
  readonly filter: ListFilter
  readonly sort: Sort
}

export interface Page {
  readonly items: readonly Review[]
  /** Null at the end. */
  readonly nextCursor: string | null
  /** The log's head in the snapshot that the items are from: all events up to it are in them. */
  readonly position: number
}

interface Order {
  readonly column: 'created_at' | 'rating'
  readonly direction: 'asc' | 'desc'
}

const orders: Readonly<Record<Sort, Order>> = {
  newest: { column: 'created_at', direction: 'desc' },
  oldest: { column: 'created_at', direction: 'asc' },
  highest: { column: 'rating', direction: 'desc' },
  lowest: { column: 'rating', direction: 'asc' },
  // Until there are votes.
  helpful: { column: 'created_at', direction: 'desc' },
}

const filters = ['entity_type', 'entity_id', 'user_id', 'rating'] as const

/**
 * Live reviews, ties by id, from the place that the cursor names: a list may grow and shrink meanwhile, and nothing
 * that stays in it is shown twice or left out.
 * @throws {AppError} `invalid_cursor`
 */
export async function listReviews(
  db: Queryable,
  list: List,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<Page> {
  const name = nameOf(list)
  const after = cursor === undefined ? null : decodeCursor(name, cursor, isPlaceIn(list.sort))
  const { rows } = await db.query<(ReviewRow | { review_id: null }) & { position: number }>(
    statement(list, after, limit + 1),
  )
  const found = rows.flatMap(({ position: _, ...row }) => (row.review_id === null ? [] : [toReview(row)]))
  const items = found.slice(0, limit)
  const last = found.length > limit ? items.at(-1) : undefined
  return {
    items,
    nextCursor: last ? encodeCursor(name, placeOf(last, list.sort)) : null,
    position: rows[0]?.position ?? 0,
  }
}

/** The same for the same list, however its filter was written. */
export function nameOf({ filter, sort }: List): string {
  return JSON.stringify([
    sort === 'helpful' ? 'newest' : sort,
    ...filters.map((name) => filter[name] ?? null),
  ])
}

function statement({ filter, sort }: List, after: Place | null, limit: number) {
  const { column, direction } = orders[sort]
  const values: unknown[] = []
  const parameter = (value: unknown) => `$${values.push(value)}`
  const conditions = filters.flatMap((name) =>
    filter[name] === undefined ? [] : [`${name} = ${parameter(filter[name])}`],
  )
  if (after) {
    const past = direction === 'asc' ? '>' : '<'
    const place = `${parameter(after.value)}, ${parameter(after.reviewId)}`
    conditions.push(`(reviews.${column}, review_id) ${past} (${place})`)
  }
  const live = ['deleted_at is null', ...conditions].join(' and ')
  const order = `${column} ${direction}, review_id ${direction}`
  // Joined to the head, so that also an empty page has its position.
  const text = `select log_head.position, page.*
    from log_head left join (
      select ${reviewColumns} from reviews where ${live}
      order by reviews.${order} limit ${parameter(limit)}
    ) page on true
    order by page.${order.replace('review_id', 'page.review_id')}`
  // Planned once for each kind of list, which takes longer than reading one. Postgres knows 63 characters of a name.
  const given = filters.map((one) => (filter[one] === undefined ? '-' : one[0])).join('')
  const name = `reviews.list ${column} ${direction} ${given}${after ? ' after' : ''}`
  return { name, text, values }
}

/** What `placeOf` gives for a list in this order, and nothing else that Postgres would stumble over. */
function isPlaceIn(sort: Sort): (place: Place) => boolean {
  return ({ value, reviewId }) =>
    isUuid(reviewId) &&
    (orders[sort].column === 'rating'
      ? typeof value === 'number' && value >= 1 && value <= 5
      : typeof value === 'string' && isTimestamp(value))
}

function isTimestamp(text: string): boolean {
  const at = new Date(text)
  return !Number.isNaN(at.getTime()) && at.toISOString() === text && text.length === 24
}

function placeOf(review: Review, sort: Sort): Place {
  return { value: review[orders[sort].column], reviewId: review.review_id }
}
