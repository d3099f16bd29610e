import type { NewEvent } from '../platform/log/append.ts'
import { newEvent, type Origin } from '../platform/log/new-event.ts'
import type { Decision } from './review.ts'

/** A decision's event as the log keeps it. */
export function toEvent({ review, event }: Decision, by: string, origin: Origin): NewEvent {
  const { review_id: aggregateId, version, updated_at: at } = review
  return newEvent({ aggregateType: 'Review', aggregateId, version, at, event, by }, origin)
}
