import { Type } from 'typebox'
import { defineEvent } from '../event.ts'
import { Closed, Id } from '../fields.ts'
import { topics } from '../topics.ts'

/** Each as `channel.notice`, such as `email.review_created`. */
export const userPreferencesChanged = defineEvent({
  type: 'user.preferences_changed.v1',
  topic: topics.users,
  aggregateType: 'User',
  versioned: true,
  data: Closed({ user_id: Id, changed: Type.Array(Type.String({ minLength: 1, maxLength: 100 })) }),
  example: { user_id: 'user-456', changed: ['email.review_created'] },
})
