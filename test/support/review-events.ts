import { randomUUID } from 'node:crypto'
import type { EventDefinition, EventOf } from '../../src/contracts/event.ts'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { reviewDeleted } from '../../src/contracts/events/review-deleted.ts'
import { reviewUpdated } from '../../src/contracts/events/review-updated.ts'
import { exampleOf } from '../../src/contracts/example.ts'
import type { Delivery } from '../../src/platform/messaging/handler.ts'
import type { Queryable } from '../../src/platform/postgres/pool.ts'
import { append } from './log.ts'

type ReviewDefinition = typeof reviewCreated | typeof reviewUpdated | typeof reviewDeleted
export type ReviewEvent = EventOf<ReviewDefinition>
export type ReviewDelivery = Delivery<ReviewEvent>

export interface ReviewInTest {
  readonly reviewId: string
  readonly entityType: string
  readonly entityId: string
}

export function newReview(entityId: string = randomUUID(), entityType = 'product'): ReviewInTest {
  return { reviewId: randomUUID(), entityType, entityId }
}

type Happening = { created: number } | { rated: number } | { retitled: string } | { deleted: true }

/** The event of a version of a review. */
export function reviewEvent(
  { reviewId, entityType, entityId }: ReviewInTest,
  version: number,
  happening: Happening,
  at = new Date(),
): ReviewEvent {
  const about = { review_id: reviewId, entity_type: entityType, entity_id: entityId }
  const envelope = <D extends EventDefinition>(definition: D) => ({
    ...exampleOf(definition),
    event_id: randomUUID(),
    aggregate_id: reviewId,
    aggregate_version: version,
    timestamp: at.toISOString(),
  })
  if ('created' in happening) {
    const data = { ...reviewCreated.example, ...about, rating: happening.created }
    return { ...envelope(reviewCreated), event_type: 'review.created.v1', data }
  }
  if ('deleted' in happening) {
    const data = { ...reviewDeleted.example, ...about }
    return { ...envelope(reviewDeleted), event_type: 'review.deleted.v1', data }
  }
  const changes =
    'rated' in happening
      ? { rating: { old: 1, new: happening.rated } }
      : { title: { old: null, new: happening.retitled } }
  const data = { ...reviewUpdated.example, ...about, changes }
  return { ...envelope(reviewUpdated), event_type: 'review.updated.v1', data }
}

/** Appends events to the log, in their order, and gives each as a consumer gets it. */
export async function appendToLog(db: Queryable, events: readonly ReviewEvent[]): Promise<ReviewDelivery[]> {
  const deliveries: ReviewDelivery[] = []
  for (const event of events) {
    const [position] = await append(db, [
      {
        eventId: event.event_id,
        eventType: event.event_type,
        occurredAt: event.timestamp,
        aggregateType: event.aggregate_type,
        aggregateId: event.aggregate_id,
        aggregateVersion: event.aggregate_version,
        data: JSON.stringify(event.data),
        metadata: JSON.stringify(event.metadata),
        traceparent: null,
      },
    ])
    deliveries.push({ event, position: BigInt(position ?? 0), traceparent: null, attempt: 1 })
  }
  return deliveries
}
