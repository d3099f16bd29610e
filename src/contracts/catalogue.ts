import type { EventDefinition } from './event.ts'
import { emailSend } from './events/email-send.ts'
import { reviewCreated } from './events/review-created.ts'
import { reviewDeleted } from './events/review-deleted.ts'
import { reviewUpdated } from './events/review-updated.ts'

/** Every event type that TheReview writes or reads. A new one is a file in `events/` and a line here. */
export const catalogue: readonly EventDefinition[] = [reviewCreated, reviewUpdated, reviewDeleted, emailSend]

const byType = new Map(catalogue.map((definition) => [definition.type, definition]))

export function definitionOf(eventType: string): EventDefinition | undefined {
  return byType.get(eventType)
}
