import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { isRetryable } from '../../src/platform/errors.ts'
import type { Outcome } from '../../src/platform/messaging/handler.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { command, created, startTestWorker, type TestWorker } from '../support/notification-worker.ts'
import { type Reaction, ScriptedSmtpServer } from '../support/smtp-server.ts'

const connections = 4
const server = new ScriptedSmtpServer()
let db: Pool
let worker: TestWorker
/** Gives up on a silent server soon. */
let impatient: TestWorker

before(async () => {
  const environment = await createTestEnvironment()
  db = createPool({ url: environment.DATABASE_URL, size: 4, applicationName: 'test' })
  await server.start()
  worker = startTestWorker({ db, smtpUrl: server.url, connections })
  impatient = startTestWorker({ db, smtpUrl: server.url, connections, sendTimeoutMs: 2_000 })
})

afterEach(async () => {
  server.script = {}
  server.mails.length = 0
  await server.start()
})

after(async () => {
  worker.close()
  impatient.close()
  await server.stop()
  await db.end()
})

const eventsFor = (count: number) => Array.from({ length: count }, () => created(`good-${randomUUID()}`))
const codes = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) => (outcome.verdict === 'ok' ? 'ok' : outcome.error.code))

/** The server does this to whoever is called bad, and is kind to everybody else. */
function toBad(reaction: Reaction, when: 'onRecipient' | 'onMail'): void {
  server.script =
    when === 'onRecipient'
      ? { onRecipient: (recipient) => (recipient.startsWith('bad') ? reaction : 'accept') }
      : { onMail: ({ recipient }) => (recipient.startsWith('bad') ? reaction : 'accept') }
}

const bad = [
  {
    what: 'a recipient refused for good',
    when: 'onRecipient',
    reaction: { reply: 550 },
    code: 'mail_rejected',
  },
  { what: 'contents refused for good', when: 'onMail', reaction: { reply: 554 }, code: 'mail_rejected' },
  {
    what: 'a recipient refused for now',
    when: 'onRecipient',
    reaction: { reply: 450 },
    code: 'mail_deferred',
  },
  { what: 'a mail deferred', when: 'onMail', reaction: { reply: 451 }, code: 'mail_deferred' },
  { what: 'a server that closes', when: 'onRecipient', reaction: { reply: 421 }, code: 'mail_unavailable' },
  { what: 'a line cut at the recipient', when: 'onRecipient', reaction: 'drop', code: 'mail_unavailable' },
  { what: 'a line cut after the mail', when: 'onMail', reaction: 'drop', code: 'mail_unavailable' },
  { what: 'silence at the recipient', when: 'onRecipient', reaction: 'stall', code: 'mail_unavailable' },
  { what: 'silence after the mail', when: 'onMail', reaction: 'stall', code: 'mail_unavailable' },
] as const

for (const { what, when, reaction, code } of bad) {
  test(`${what} is ${code}, and its neighbours get their mail`, async () => {
    toBad(reaction, when)
    const event = created(`bad-${randomUUID()}`)
    const sender = reaction === 'stall' ? impatient : worker
    const outcomes = await sender.handle([...eventsFor(10), event, ...eventsFor(10)])
    const expected = Array.from({ length: 21 }, (_, i) => (i === 10 ? code : 'ok'))
    assert.deepEqual(codes(outcomes), expected)
    assert.equal(outcomes[10]?.verdict, code === 'mail_rejected' ? 'dead-letter' : 'retry')
    const { rows } = await db.query(
      'select status, attempts, last_error, holder from notifications where event_id = $1',
      [event.event_id],
    )
    assert.deepEqual(rows, [{ status: 'pending', attempts: 1, last_error: code, holder: null }])

    // A later try, or a replay from the dead letters, finds the server in a better mood.
    server.script = {}
    assert.deepEqual(codes(await worker.handle([event])), ['ok'])
    const [last] = server.mails.slice(-1)
    assert.ok(
      server.mails.every((mail) => !mail.recipient.startsWith('bad') || mail.messageId === last?.messageId),
    )
  })
}

test('a server that is away is asked a few times and not once for each mail; when it returns all is sent', async () => {
  await server.stop()
  const events = eventsFor(200)
  const outcomes = await worker.handle(events)
  assert.deepEqual([...new Set(codes(outcomes))], ['mail_unavailable'])
  assert.ok(outcomes.every(({ verdict }) => verdict === 'retry'))
  const { rows } = await db.query(
    'select sum(attempts) as attempts from notifications where event_id = any($1)',
    [events.map(({ event_id }) => event_id)],
  )
  assert.ok(rows[0]?.attempts <= 2 * connections)

  await server.start()
  assert.deepEqual([...new Set(codes(await worker.handle(events)))], ['ok'])
  assert.equal(new Set(server.mails.map(({ messageId }) => messageId)).size, 200)
  assert.equal(server.mails.length, 200)
})

test('a server that says nothing costs one time-out for each connection and not one for each mail', async () => {
  server.script = { onMail: () => 'stall' }
  const outcomes = await impatient.handle(eventsFor(200))
  assert.deepEqual([...new Set(codes(outcomes))], ['mail_unavailable'])
  assert.ok(server.mails.length <= 2 * connections)
})

test('a server that was restarted between two batches is met again without a failure', async () => {
  assert.deepEqual([...new Set(codes(await worker.handle(eventsFor(20))))], ['ok'])
  await server.stop()
  await server.start()
  assert.deepEqual([...new Set(codes(await worker.handle(eventsFor(20))))], ['ok'])
  assert.equal(server.mails.length, 40)
})

test('mails go out over so many connections, which stay open', async () => {
  const before = server.connectionsMade
  const other = startTestWorker({ db, smtpUrl: server.url, connections: 3 })
  await other.handle(eventsFor(150))
  await other.handle(eventsFor(150))
  other.close()
  assert.equal(server.connectionsMade - before, 3)
})

test('no address and no word of a letter is stored', async () => {
  toBad({ reply: 550 }, 'onRecipient')
  const recipient = `bad-${randomUUID()}`
  const event = command({ recipient, params: { subject: 'a secret', text: 'a secret' } })
  const [outcome] = await worker.handle([event])
  assert.ok(outcome?.verdict === 'dead-letter')
  const { rows } = await db.query('select * from notifications where event_id = $1', [event.event_id])
  assert.doesNotMatch(JSON.stringify(rows), /@|secret/)
  assert.doesNotMatch(
    `${outcome.error.message} ${outcome.error.stack}`,
    new RegExp(`@example|secret|${recipient}`),
  )
})

test('against a server that defers slowly, a call that is made again goes on where it was, and comes to its end', async () => {
  let asked = 0
  server.script = {
    onMail: async () => {
      asked += 1
      await pause(2_500)
      return { reply: 451 }
    },
  }
  const events = eventsFor(32)
  // As the runtime does: the same batch again, until every event has its outcome.
  let outcomes: readonly Outcome[] | null = null
  let calls = 0
  while (!outcomes && calls < 4) {
    calls += 1
    outcomes = await worker.handle(events).catch((error: unknown) => {
      assert.ok(isRetryable(error))
      return null
    })
  }
  assert.ok(calls > 1, 'one call is not enough')
  assert.deepEqual(new Set(codes(outcomes ?? [])), new Set(['mail_deferred']))
  assert.equal(asked, events.length, 'nothing was tried twice')
})
