import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { after, afterEach, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { claim } from '../../src/notifications/ledger.ts'
import { type NoticeEvent, noticeOf } from '../../src/notifications/notice.ts'
import { AppError } from '../../src/platform/errors.ts'
import { type Client, createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment, type TestEnvironment } from '../support/environment.ts'
import { created, startTestWorker, type TestWorker } from '../support/notification-worker.ts'
import { type Reaction, ScriptedSmtpServer } from '../support/smtp-server.ts'
import { until } from '../support/until.ts'

const server = new ScriptedSmtpServer()
const workers: TestWorker[] = []
let environment: TestEnvironment
let db: Pool
/** Gives up a statement that waits for a lock, as one does whose Postgres is gone. */
let impatient: Pool

before(async () => {
  environment = await createTestEnvironment()
  const options = { url: environment.DATABASE_URL, size: 4, applicationName: 'test' }
  db = createPool(options)
  impatient = createPool({ ...options, timeouts: { lock: 100, statement: 2_000 } })
  await server.start()
})

afterEach(() => {
  server.script = {}
  server.mails.length = 0
})

after(async () => {
  for (const worker of workers) worker.close()
  await server.stop()
  await impatient.end()
  await db.end()
})

function startWorker(pool = db): TestWorker {
  const worker = startTestWorker({ db: pool, smtpUrl: server.url })
  workers.push(worker)
  return worker
}

const someone = () => `user-${randomUUID()}`
const verdictsOf = async (outcomes: ReturnType<TestWorker['handle']>) =>
  (await outcomes).map(({ verdict }) => verdict)
const endLeases = () =>
  db.query("update notifications set lease_until = now() - interval '1 ms' where status = 'sending'")

test('an event that comes again, in its batch or later, sends nothing again', async () => {
  const event = created(someone())
  const worker = startWorker()
  assert.deepEqual(await verdictsOf(worker.handle([event, event])), ['ok', 'ok'])
  assert.deepEqual(await verdictsOf(worker.handle([event])), ['ok'])
  assert.deepEqual(await verdictsOf(startWorker().handle([event])), ['ok'])
  assert.equal(server.mails.length, 1)
})

test('two workers with the same events at once send each once', async () => {
  const events = Array.from({ length: 200 }, () => created(someone()))
  const [one, two] = [startWorker(), startWorker()]
  const halves = await Promise.all([one.handle(events), two.handle([...events].reverse())])
  for (const outcome of halves.flat()) {
    if (outcome.verdict === 'ok') continue
    assert.equal(outcome.error.code, 'notice_held')
  }
  assert.equal(new Set(server.mails.map(({ messageId }) => messageId)).size, 200)
  assert.equal(server.mails.length, 200)
  assert.ok((await verdictsOf(two.handle(events))).every((verdict) => verdict === 'ok'))
})

test('a notice whose sender died is left alone until its lease is over, then taken over', async () => {
  const event = created(someone())
  await claim(db, randomUUID(), [noticeFor(event)])
  const worker = startWorker()

  const [held] = await worker.handle([event])
  assert.ok(held?.verdict === 'retry')
  assert.equal(held.error.code, 'notice_held')
  assert.ok(held.afterMs && held.afterMs > 0 && held.afterMs <= 30_000)
  assert.equal(server.mails.length, 0)

  await endLeases()
  assert.deepEqual(await verdictsOf(worker.handle([event])), ['ok'])
  assert.equal(server.mails.length, 1)
})

test("a process killed between the mail server's answer and the commit sends again, as the same message", async () => {
  const event = created(someone())
  // The commit waits for this lock, which is taken before the mail is answered.
  const lock = await db.connect()
  server.script = {
    onMail: async (): Promise<Reaction> => {
      await holdLedger(lock)
      return 'accept'
    },
  }
  const entry = fileURLToPath(new URL('../support/notifying-process.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    [entry, environment.DATABASE_URL, server.url, JSON.stringify(event)],
    {
      stdio: 'inherit',
    },
  )
  await until('the process wants to commit', async () => {
    const { rowCount } = await db.query(
      "select from pg_stat_activity where application_name = 'notifying process' and wait_event_type = 'Lock'",
    )
    return rowCount === 1
  })
  child.kill('SIGKILL')
  await once(child, 'exit')
  await until('its statement is gone', async () => {
    await db.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'notifying process'",
    )
    const { rowCount } = await db.query(
      "select from pg_stat_activity where application_name = 'notifying process'",
    )
    return rowCount === 0
  })
  await letGo(lock)
  server.script = {}

  await endLeases()
  assert.deepEqual(await verdictsOf(startWorker().handle([event])), ['ok'])
  const [first, second, ...more] = server.mails
  assert.ok(first && second && more.length === 0)
  assert.equal(second.messageId, first.messageId)
  assert.equal(first.messageId, `<${noticeFor(event).id}@example.test>`)
})

test('what Postgres would not note is remembered while the process lives: no mail goes out again', async () => {
  const events = Array.from({ length: 20 }, () => created(someone()))
  const worker = startWorker(impatient)
  const lock = await db.connect()
  server.script = {
    onMail: async (): Promise<Reaction> => {
      if (server.mails.length === 10) {
        await holdLedger(lock)
      }
      return 'accept'
    },
  }
  const isUnavailable = (error: unknown) => error instanceof AppError && error.code === 'unavailable'
  await assert.rejects(worker.handle(events), isUnavailable)
  await assert.rejects(worker.handle(events), isUnavailable)
  await letGo(lock)

  assert.deepEqual([...new Set(await verdictsOf(worker.handle(events)))], ['ok'])
  assert.equal(server.mails.length, 20)
  assert.equal(new Set(server.mails.map(({ messageId }) => messageId)).size, 20)
})

test('what Postgres would not note is noted when it is back, also where the events are not ours any more', async () => {
  const event = created(someone())
  const lock = await db.connect()
  server.script = {
    onMail: async (): Promise<Reaction> => {
      await holdLedger(lock)
      return 'accept'
    },
  }
  await assert.rejects(startWorker(impatient).handle([event]), { code: 'unavailable' })
  await letGo(lock)
  server.script = {}

  await until('it is noted', async () => {
    const { rows } = await db.query('select status from notifications where event_id = $1', [event.event_id])
    return rows[0]?.status === 'sent'
  })
  assert.deepEqual(await verdictsOf(startWorker().handle([event])), ['ok'])
  assert.equal(server.mails.length, 1)
})

test('a worker that is told to stop begins nothing new, and leaves the rest to whoever comes', async () => {
  const events = Array.from({ length: 50 }, () => created(someone()))
  const stop = new AbortController()
  server.script = {
    onMail: () => {
      if (server.mails.length === 10) stop.abort()
      return 'accept'
    },
  }
  const stopping = startTestWorker({ db, smtpUrl: server.url, signal: stop.signal })
  workers.push(stopping)
  await assert.rejects(
    stopping.handle(events),
    (error) => error instanceof AppError && error.code === 'interrupted',
  )
  assert.ok(server.mails.length < 20)
  assert.deepEqual([...new Set(await verdictsOf(startWorker().handle(events)))], ['ok'])
  assert.equal(server.mails.length, 50)
})

function noticeFor(event: NoticeEvent) {
  const notice = noticeOf(event)
  assert.ok(!(notice instanceof AppError))
  return notice
}

/** Nobody can note in the ledger until it is let go. */
async function holdLedger(client: Client): Promise<void> {
  await client.query('begin')
  await client.query('lock table notifications in share row exclusive mode')
}

async function letGo(client: Client): Promise<void> {
  await client.query('rollback')
  client.release()
}
