import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventOf } from '../contracts/event.ts'
import { emailSend } from '../contracts/events/email-send.ts'
import { reviewDeleted } from '../contracts/events/review-deleted.ts'
import { exampleOf } from '../contracts/example.ts'
import { AppError } from '../platform/errors.ts'
import { type Notice, type NoticeEvent, noticeEvents, noticeOf } from './notice.ts'

const eventId = '019a0c5e-7b1f-7000-8000-000000000001'
const examples = noticeEvents.map((definition) => exampleOf(definition) as NoticeEvent)

function noticeFor(event: NoticeEvent): Notice {
  const notice = noticeOf(event)
  assert.ok(!(notice instanceof AppError))
  return notice
}

test('each event has its template, and tells the author or whom the command names', () => {
  assert.deepEqual(
    examples.map(noticeFor).map(({ template, recipient, isCommand, eventId }) => ({
      template,
      recipient,
      isCommand,
      eventId,
    })),
    [
      { template: 'review_created', recipient: 'user-456', isCommand: false, eventId },
      { template: 'review_updated', recipient: 'user-456', isCommand: false, eventId },
      { template: 'review_deleted', recipient: 'user-456', isCommand: false, eventId },
      { template: 'message', recipient: 'user-456', isCommand: true, eventId },
    ],
  )
})

const deletion = (data: Partial<EventOf<typeof reviewDeleted>['data']>): NoticeEvent => ({
  ...exampleOf(reviewDeleted),
  aggregate_version: 2,
  event_type: 'review.deleted.v1',
  data: { ...reviewDeleted.example, ...data },
})

test('the author learns whether it was they who deleted the review', () => {
  const texts = ['user-456', 'moderator-1'].map((deleted_by) =>
    JSON.stringify(noticeFor(deletion({ deleted_by })).draft({})),
  )
  assert.match(texts[0] ?? '', /As you asked/)
  assert.match(texts[1] ?? '', /A moderator/)
})

const command = (data: Partial<EventOf<typeof emailSend>['data']>): NoticeEvent => ({
  ...exampleOf(emailSend),
  event_type: 'email.send.v1',
  data: { ...emailSend.example, ...data },
})

test('a command is the same notice whatever event brings it, but not for another recipient', () => {
  const one = noticeFor(command({}))
  assert.equal(noticeFor({ ...command({}), event_id: eventId.replace(/1$/, '2') }).id, one.id)
  assert.notEqual(noticeFor(command({ recipient: 'user-457' })).id, one.id)
  assert.notEqual(noticeFor(command({ notification_id: 'other' })).id, one.id)
})

const refused: readonly [string, Partial<EventOf<typeof emailSend>['data']>][] = [
  ['unknown_template', { template: 'no_such' }],
  ['unknown_template', { template: 'constructor' }],
  ['invalid_params', { params: {} }],
  ['invalid_params', { params: { subject: 'x'.repeat(201), text: 'y' } }],
  ['invalid_recipient', { recipient: 'a\nb' }],
  ['invalid_recipient', { recipient: '\ud800' }],
]
for (const [code, data] of refused) {
  test(`${JSON.stringify(data).slice(0, 60)} is refused for ever as ${code}`, () => {
    const refusal = noticeOf(command(data))
    assert.ok(refusal instanceof AppError)
    assert.equal(refusal.code, code)
    assert.equal(refusal.verdict, 'fatal')
  })
}
