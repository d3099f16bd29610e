import type { EventOf } from '../contracts/event.ts'
import { emailSend } from '../contracts/events/email-send.ts'
import { reviewCreated } from '../contracts/events/review-created.ts'
import { reviewDeleted } from '../contracts/events/review-deleted.ts'
import { reviewUpdated } from '../contracts/events/review-updated.ts'
import { AppError } from '../platform/errors.ts'
import type { Draft } from './mail/template.ts'
import { templateOf } from './mail/templates/catalogue.ts'
import { reviewCreated as createdLetter } from './mail/templates/review-created.ts'
import { reviewDeleted as deletedLetter } from './mail/templates/review-deleted.ts'
import { reviewUpdated as updatedLetter } from './mail/templates/review-updated.ts'
import { type Channel, type NoticeSource, noticeId } from './notice-id.ts'

/** The events that someone is told of. */
export const noticeEvents = [reviewCreated, reviewUpdated, reviewDeleted, emailSend]

export type NoticeEvent = EventOf<(typeof noticeEvents)[number]>

/** One thing to tell one user in one way. */
export interface Notice {
  readonly id: string
  readonly eventId: string
  /** A user id. */
  readonly recipient: string
  readonly channel: Channel
  readonly template: string
  readonly draft: Draft
  /** Whether someone asked for this very mail. */
  readonly isCommand: boolean
}

/** Whom an event is told to, and what; or why that can never be. */
export function noticeOf(event: NoticeEvent): Notice | AppError {
  switch (event.event_type) {
    case 'review.created.v1':
      return noticeToAuthor(event, createdLetter.name, createdLetter.draft(event.data))
    case 'review.updated.v1':
      return noticeToAuthor(event, updatedLetter.name, updatedLetter.draft(event.data))
    case 'review.deleted.v1': {
      const deleted_by_author = event.data.deleted_by === event.data.user_id
      return noticeToAuthor(
        event,
        deletedLetter.name,
        deletedLetter.draft({ ...event.data, deleted_by_author }),
      )
    }
    case 'email.send.v1':
      return noticeOfCommand(event)
  }
}

function noticeToAuthor(
  event: Exclude<NoticeEvent, EventOf<typeof emailSend>>,
  template: string,
  draft: Draft,
): Notice | AppError {
  const { event_id: eventId, data } = event
  return addressed(
    { event: eventId },
    { eventId, recipient: data.user_id, template, draft, isCommand: false },
  )
}

function noticeOfCommand({ event_id: eventId, data }: EventOf<typeof emailSend>): Notice | AppError {
  const { notification_id, recipient, template, params } = data
  const draft = templateOf(template)?.draftFrom(params)
  if (!draft) return new AppError('unknown_template', 'fatal', 'no template has this name')
  if (typeof draft !== 'function') {
    return new AppError('invalid_params', 'fatal', `the params do not fit the template: ${draft.invalid}`)
  }
  return addressed({ command: notification_id }, { eventId, recipient, template, draft, isCommand: true })
}

function addressed(source: NoticeSource, notice: Omit<Notice, 'id' | 'channel'>): Notice | AppError {
  // The contract promises neither in a user id, and Postgres stores no NUL.
  if (/\p{Cc}/u.test(notice.recipient) || !notice.recipient.isWellFormed()) {
    return new AppError('invalid_recipient', 'fatal', 'the user id holds control characters')
  }
  return { ...notice, id: noticeId(source, notice.recipient, 'email'), channel: 'email' }
}
