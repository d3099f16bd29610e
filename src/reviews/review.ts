import type { EventOf } from '../contracts/event.ts'
import type { reviewCreated } from '../contracts/events/review-created.ts'
import type { reviewDeleted } from '../contracts/events/review-deleted.ts'
import type { reviewUpdated } from '../contracts/events/review-updated.ts'

/** A review as it stands. Times are RFC 3339 in UTC with milliseconds, as `Date.prototype.toISOString` writes them. */
export interface Review {
  readonly review_id: string
  readonly user_id: string
  readonly entity_type: string
  readonly entity_id: string
  readonly rating: number
  readonly title: string | null
  readonly content: string
  readonly version: number
  readonly created_at: string
  readonly updated_at: string
  readonly deleted_at: string | null
}

/** What happened to a review, before it has an id and a place in the log. */
export type ReviewEvent =
  | Pick<EventOf<typeof reviewCreated>, 'event_type' | 'data'>
  | Pick<EventOf<typeof reviewUpdated>, 'event_type' | 'data'>
  | Pick<EventOf<typeof reviewDeleted>, 'event_type' | 'data'>

/** The state that a command leads to, and the event that tells of it. */
export interface Decision {
  readonly review: Review
  readonly event: ReviewEvent
}

export interface NewReview {
  readonly review_id: string
  readonly user_id: string
  readonly entity_type: string
  readonly entity_id: string
  readonly rating: number
  readonly title: string | null
  readonly content: string
}

/** What an update may touch; what is absent stays. */
export interface ReviewChanges {
  readonly rating?: number
  readonly title?: string | null
  readonly content?: string
}

export function create(wanted: NewReview, at: string): Decision {
  const { review_id, user_id, entity_type, entity_id, rating, title, content } = wanted
  const data = { review_id, user_id, entity_type, entity_id, rating, title, content }
  return {
    review: { ...data, version: 1, created_at: at, updated_at: at, deleted_at: null },
    event: { event_type: 'review.created.v1', data },
  }
}

/** Null when nothing would change: that is no event. */
export function update(review: Review, wanted: ReviewChanges, by: string, at: string): Decision | null {
  const changes = changesBetween(review, wanted)
  if (Object.keys(changes).length === 0) return null
  const { review_id, user_id, entity_type, entity_id } = review
  return {
    review: { ...review, ...wanted, version: review.version + 1, updated_at: later(review.updated_at, at) },
    event: {
      event_type: 'review.updated.v1',
      data: { review_id, user_id, entity_type, entity_id, changes, updated_by: by },
    },
  }
}

/** Null when it is deleted already: deleting again is the same as once. */
export function remove(review: Review, by: string, reason: string | null, at: string): Decision | null {
  if (review.deleted_at !== null) return null
  const { review_id, user_id, entity_type, entity_id, rating } = review
  const deletedAt = later(review.updated_at, at)
  return {
    review: { ...review, version: review.version + 1, updated_at: deletedAt, deleted_at: deletedAt },
    event: {
      event_type: 'review.deleted.v1',
      data: { review_id, user_id, entity_type, entity_id, rating, deleted_by: by, reason },
    },
  }
}

type Changes = EventOf<typeof reviewUpdated>['data']['changes']

function changesBetween(review: Review, { rating, title, content }: ReviewChanges): Changes {
  return {
    ...(rating === undefined || rating === review.rating
      ? {}
      : { rating: { old: review.rating, new: rating } }),
    ...(title === undefined || title === review.title ? {} : { title: { old: review.title, new: title } }),
    ...(content === undefined || content === review.content
      ? {}
      : { content: { old: review.content, new: content } }),
  }
}

/** A review's time never runs backwards, whatever the clocks of the processes that write it say. */
function later(one: string, other: string): string {
  return one > other ? one : other
}
