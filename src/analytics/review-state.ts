import type { Entity } from '../contracts/cache-keys.ts'
import type { EventOf } from '../contracts/event.ts'
import { reviewCreated } from '../contracts/events/review-created.ts'
import { reviewDeleted } from '../contracts/events/review-deleted.ts'
import { reviewUpdated } from '../contracts/events/review-updated.ts'

export const reviewEvents = [reviewCreated, reviewUpdated, reviewDeleted] as const
export type ReviewEvent = EventOf<(typeof reviewEvents)[number]>

/** A review as far as statistics care. */
export interface ReviewState extends Entity {
  readonly version: number
  /** The rating in halves, 2 to 10: sums of it are exact. */
  readonly halves: number
  readonly live: boolean
  /** The day in UTC, `YYYY-MM-DD`. */
  readonly createdOn: string
}

/** What one event does to a review. */
export interface ReviewChange extends Entity {
  readonly reviewId: string
  readonly version: number
  /** In the log; 0 where the record did not say it. */
  readonly position: number
  readonly at: string
  readonly effect:
    | { kind: 'created'; halves: number }
    | { kind: 'updated'; halves: number | null }
    | { kind: 'deleted' }
}

export function changeOf(event: ReviewEvent, position: number): ReviewChange {
  return {
    // As Postgres writes it: a foreign copy may be in capitals.
    reviewId: event.aggregate_id.toLowerCase(),
    version: event.aggregate_version,
    entityType: event.data.entity_type,
    entityId: event.data.entity_id,
    position,
    at: event.timestamp,
    effect: effectOf(event),
  }
}

function effectOf(event: ReviewEvent): ReviewChange['effect'] {
  switch (event.event_type) {
    case 'review.created.v1':
      return { kind: 'created', halves: event.data.rating * 2 }
    case 'review.updated.v1': {
      const { rating } = event.data.changes
      return { kind: 'updated', halves: rating ? rating.new * 2 : null }
    }
    case 'review.deleted.v1':
      return { kind: 'deleted' }
    default:
      return event satisfies never
  }
}

/** The review after the next event, or null when that is no event which can follow. */
export function applyChange(state: ReviewState | null, change: ReviewChange): ReviewState | null {
  const { version, effect } = change
  if (version !== (state?.version ?? 0) + 1) return null
  if (effect.kind === 'created') {
    if (state) return null
    const { entityType, entityId, at } = change
    const createdOn = new Date(at).toISOString().slice(0, 10)
    return { version, entityType, entityId, halves: effect.halves, live: true, createdOn }
  }
  if (!state) return null
  if (effect.kind === 'deleted') return { ...state, version, live: false }
  return { ...state, version, halves: effect.halves ?? state.halves }
}
