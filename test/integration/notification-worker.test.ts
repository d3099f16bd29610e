import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { topics } from '../../src/contracts/topics.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import type { Producer } from '../../src/platform/kafka/producer.ts'
import { readAfter } from '../../src/platform/log/stored-event.ts'
import { toRecord } from '../../src/platform/log/to-record.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment, type TestEnvironment } from '../support/environment.ts'
import { mailsTo } from '../support/inbox.ts'
import { append, newEvent } from '../support/log.ts'
import { command } from '../support/notification-worker.ts'
import { prepareParts } from '../support/prepare.ts'
import { silent } from '../support/silent.ts'

const entry = fileURLToPath(new URL('../../src/services/notification-worker.ts', import.meta.url))

let environment: TestEnvironment
let db: Pool
let producer: Producer
let worker: ChildProcess

before(async () => {
  environment = await createTestEnvironment()
  db = createPool({ url: environment.DATABASE_URL, size: 2, applicationName: 'test' })
  const kafka = createKafka({
    brokers: environment.KAFKA_BROKERS.split(','),
    prefix: environment.KAFKA_PREFIX,
    clientId: 'test',
    log: silent,
  })
  await prepareParts(db, kafka)
  producer = kafka.producer()
  worker = startWorker()
})

after(async () => {
  worker.kill('SIGKILL')
  await producer.close()
  await db.end()
})

function startWorker(): ChildProcess {
  return spawn(process.execPath, [entry], {
    env: { ...process.env, ...environment, NOTIFICATION_WORKER_PORT: '0', LOG_LEVEL: 'warn' },
    stdio: 'inherit',
  })
}

async function review(user_id: string): Promise<void> {
  const data = JSON.stringify({ ...reviewCreated.example, user_id })
  const [position = 0] = await append(db, [newEvent(reviewCreated, { data })])
  const events = await readAfter(db, position - 1, 1)
  await producer.send(events.map((event) => toRecord(event, null)))
}

const inboxOf = (userId: string) => mailsTo(environment.MAIL_INBOX_URL, `${userId}@example.test`)

test('an event on the topic becomes a mail', async () => {
  const user_id = `user-${randomUUID()}`
  await review(user_id)
  const [mail] = await inboxOf(user_id)
  assert.equal(mail?.subject, 'Thank you for your review of product prod-123')
})

test('so does a command', async () => {
  const recipient = `user-${randomUUID()}`
  const event = command({ recipient })
  await producer.send([
    { topic: topics.notifications.name, key: recipient, value: JSON.stringify(event), headers: {} },
  ])
  const [mail] = await inboxOf(recipient)
  assert.equal(mail?.subject, 'Welcome')
})

test('a worker that is killed is followed by one that goes on', async () => {
  worker.kill('SIGKILL')
  await once(worker, 'exit')
  const user_id = `user-${randomUUID()}`
  await review(user_id)
  worker = startWorker()
  await inboxOf(user_id)
})

test('a worker that is asked to stop does so in order', async () => {
  worker.kill('SIGTERM')
  const [code] = await once(worker, 'exit')
  assert.equal(code, 0)
})
