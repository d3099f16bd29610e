import type { EventDefinition } from './event.ts'
import { emailSend } from './events/email-send.ts'
import { reviewCreated } from './events/review-created.ts'
import { reviewDeleted } from './events/review-deleted.ts'
import { reviewUpdated } from './events/review-updated.ts'
import { reviewViewed } from './events/review-viewed.ts'
import { statsViewed } from './events/stats-viewed.ts'
import { userPreferencesChanged } from './events/user-preferences-changed.ts'
import { userRegistered } from './events/user-registered.ts'
import { userUpdated } from './events/user-updated.ts'

/** Every event type that TheReview writes or reads. A new one is a file in `events/` and a line here. */
export const catalogue: readonly EventDefinition[] = [
  reviewCreated,
  reviewUpdated,
  reviewDeleted,
  userRegistered,
  userUpdated,
  userPreferencesChanged,
  emailSend,
  reviewViewed,
  statsViewed,
]

const byType = new Map(catalogue.map((definition) => [definition.type, definition]))

export function definitionOf(eventType: string): EventDefinition | undefined {
  return byType.get(eventType)
}
