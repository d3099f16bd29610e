import { Type } from 'typebox'
import { defineEvent } from '../event.ts'
import { Closed, Id } from '../fields.ts'
import { topics } from '../topics.ts'

/** Which fields, never what is in them: an address does not belong in a topic. */
export const userUpdated = defineEvent({
  type: 'user.updated.v1',
  topic: topics.users,
  aggregateType: 'User',
  versioned: true,
  data: Closed({
    user_id: Id,
    changed: Type.Array(Type.Union([Type.Literal('email'), Type.Literal('name'), Type.Literal('locale')])),
  }),
  example: { user_id: 'user-456', changed: ['email', 'name'] },
})
