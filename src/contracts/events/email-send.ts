import { Type } from 'typebox'
import { defineEvent } from '../event.ts'
import { Closed, Id } from '../fields.ts'
import { topics } from '../topics.ts'

/** A command: send this mail to this user. The address is looked up when it is sent, never carried. */
export const emailSend = defineEvent({
  type: 'email.send.v1',
  topic: topics.notifications,
  aggregateType: 'Notification',
  versioned: false,
  data: Closed({
    notification_id: Id,
    recipient: Id,
    template: Type.String({ minLength: 1, maxLength: 100 }),
    params: Type.Record(Type.String(), Type.Unknown()),
  }),
  example: {
    notification_id: 'welcome-user-456',
    recipient: 'user-456',
    template: 'message',
    params: { subject: 'Welcome', text: 'Good to have you here.' },
  },
})
