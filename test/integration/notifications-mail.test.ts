import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { reviewDeleted } from '../../src/contracts/events/review-deleted.ts'
import { reviewUpdated } from '../../src/contracts/events/review-updated.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { startTracing } from '../../src/platform/telemetry/tracing.ts'
import { createTestEnvironment, type TestEnvironment } from '../support/environment.ts'
import { mailsTo } from '../support/inbox.ts'
import {
  command,
  created,
  eventOf,
  startTestWorker,
  type TestWorker,
} from '../support/notification-worker.ts'
import { until } from '../support/until.ts'

let environment: TestEnvironment
let db: Pool
let worker: TestWorker

before(async () => {
  environment = await createTestEnvironment()
  db = createPool({ url: environment.DATABASE_URL, size: 4, applicationName: 'test' })
  worker = startTestWorker({ db, smtpUrl: environment.SMTP_URL })
})

after(async () => {
  worker.close()
  await db.end()
})

const someone = () => `user-${randomUUID()}`
const inboxOf = (userId: string, count = 1) =>
  mailsTo(environment.MAIL_INBOX_URL, `${userId}@example.test`, count)

test('the author gets a mail when a review is created, updated and deleted', async () => {
  const user_id = someone()
  const outcomes = await worker.handle([
    created(user_id),
    eventOf(reviewUpdated, { user_id }),
    eventOf(reviewDeleted, { user_id, deleted_by: 'moderator-1', reason: 'Names a person' }),
  ])
  assert.deepEqual(
    outcomes.map(({ verdict }) => verdict),
    ['ok', 'ok', 'ok'],
  )
  const mails = await inboxOf(user_id, 3)
  assert.deepEqual(mails.map(({ subject }) => subject).sort(), [
    'Thank you for your review of product prod-123',
    'Your review of product prod-123 was changed',
    'Your review of product prod-123 was deleted',
  ])
  const deletion = mails.find(({ subject }) => subject.endsWith('deleted'))
  assert.match(deletion?.text ?? '', /Names a person/)
  assert.match(deletion?.html ?? '', /Names a person/)
})

test('a mail says who sent it, which notice it is, and that no machine shall answer', async () => {
  const user_id = someone()
  const event = created(user_id)
  await worker.handle([event])
  const [mail] = await inboxOf(user_id)
  const { rows } = await db.query(
    'select id, status, attempts, holder, recipient from notifications where event_id = $1',
    [event.event_id],
  )
  assert.deepEqual(rows, [{ id: rows[0]?.id, status: 'sent', attempts: 0, holder: null, recipient: user_id }])
  assert.equal(mail?.headers['message-id'], `<${rows[0]?.id}@example.test>`)
  assert.equal(mail?.headers['auto-submitted'], 'auto-generated')
  assert.deepEqual(mail?.from, [{ address: 'reviews@example.test', name: 'TheReview' }])
})

test('a command is known by the id that it gives itself, whatever event brings it', async () => {
  const recipient = someone()
  const data = { recipient, notification_id: 'welcome' }
  const outcomes = await worker.handle([command(data), command(data)])
  const later = await worker.handle([command(data), command({ ...data, notification_id: 'another' })])
  assert.deepEqual(
    [...outcomes, ...later].map(({ verdict }) => verdict),
    ['ok', 'ok', 'ok', 'ok'],
  )
  assert.equal((await inboxOf(recipient, 2)).length, 2)
})

test('commands that can never succeed are dead letters, and hold up nobody', async () => {
  const recipient = someone()
  const outcomes = await worker.handle([
    command({ recipient, template: 'no_such' }),
    command({ recipient, params: { subject: 'x' } }),
    command({ recipient: 'a\u0000b', params: { subject: 'x', text: 'y' } }),
    command({ recipient }),
  ])
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.verdict === 'ok' ? 'ok' : outcome.error.code)),
    ['unknown_template', 'invalid_params', 'invalid_recipient', 'ok'],
  )
  assert.ok(outcomes.slice(0, 3).every(({ verdict }) => verdict === 'dead-letter'))
  assert.equal((await inboxOf(recipient)).length, 1)
})

test('nothing that a user writes or is called adds a header or a recipient', async () => {
  const user_id = `Zoë ${randomUUID()}`
  const event = command({
    recipient: user_id,
    params: { subject: 'Hello\r\nBcc: eve@example.test', text: '<script>alert(1)</script>' },
  })
  const name = 'Zoë\r\nBcc: eve@example.test'
  const email = `zoe-${randomUUID()}@example.test`
  const other = startTestWorker({
    db,
    smtpUrl: environment.SMTP_URL,
    addressOf: async () => new Map([[user_id, { email, name }]]),
  })
  await other.handle([event])
  other.close()
  const [mail] = await mailsTo(environment.MAIL_INBOX_URL, email)
  assert.equal(mail?.subject, 'Hello Bcc: eve@example.test')
  assert.deepEqual(mail?.to, [{ address: email, name: 'Zoë Bcc: eve@example.test' }])
  assert.equal(mail?.headers.bcc, undefined)
  assert.doesNotMatch(mail?.html ?? '', /<script/)
})

test('who has no address or wants no such notice gets none; a command without an address is a dead letter', async () => {
  const [silent, unknown] = [someone(), someone()]
  const choosy = startTestWorker({
    db,
    smtpUrl: environment.SMTP_URL,
    addressOf: async () =>
      new Map([[silent, { email: `${silent}@example.test`, muted: new Set(['review_created']) }]]),
  })
  const outcomes = await choosy.handle([
    created(silent),
    created(unknown),
    command({ recipient: unknown }),
    command({ recipient: silent }),
    eventOf(reviewUpdated, { user_id: silent }),
  ])
  choosy.close()
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.verdict === 'ok' ? 'ok' : outcome.error.code)),
    ['ok', 'ok', 'no_address', 'ok', 'ok'],
  )
  const mails = await inboxOf(silent, 2)
  assert.deepEqual(mails.map(({ subject }) => subject).sort(), [
    'Welcome',
    'Your review of product prod-123 was changed',
  ])
})

test('a mail is a client span of the trace of its event', async () => {
  const traceId = randomUUID().replaceAll('-', '')
  const tracing = startTracing({
    service: 'notification-worker',
    zipkinUrl: environment.ZIPKIN_URL,
    otlpEndpoint: null,
    tracesPerSecond: 0,
  })
  const traced = startTestWorker({
    db,
    smtpUrl: environment.SMTP_URL,
    tracer: tracing.tracer,
    traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
  })
  await traced.handle([created(someone())])
  traced.close()
  await tracing.stop()
  const spans = await zipkinTrace(environment.ZIPKIN_URL, traceId)
  assert.deepEqual(
    spans.map(({ name, kind, parentId }) => ({ name, kind, parentId })),
    [{ name: 'send mail', kind: 'CLIENT', parentId: '00f067aa0ba902b7' }],
  )
})

test('what was sent and how long it took is measured', async () => {
  const text = await worker.registry.metrics()
  assert.match(text, /thereview_notices_sent_total\{channel="email",template="review_created"\} \d/)
  assert.match(text, /thereview_notices_latency_seconds_count\{channel="email"\} \d/)
  assert.match(text, /thereview_notices_send_seconds_count\{channel="email"\} \d/)
})

interface ZipkinSpan {
  readonly name: string
  readonly kind: string
  readonly parentId: string
}

function zipkinTrace(zipkinUrl: string, traceId: string): Promise<ZipkinSpan[]> {
  return until(`the trace ${traceId}`, async () => {
    const response = await fetch(new URL(`/api/v2/trace/${traceId}`, zipkinUrl))
    return response.ok && ((await response.json()) as ZipkinSpan[])
  })
}
