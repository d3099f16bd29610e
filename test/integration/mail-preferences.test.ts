// Mail goes where a user says, and only as far as they want it: from the request to the inbox.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import type { Producer } from '../../src/platform/kafka/producer.ts'
import { readAfter } from '../../src/platform/log/stored-event.ts'
import { toRecord } from '../../src/platform/log/to-record.ts'
import { aReview, startTestApi, type TestApi } from '../support/api.ts'
import { createTestEnvironment, type TestEnvironment } from '../support/environment.ts'
import { mailsTo } from '../support/inbox.ts'
import { prepareParts } from '../support/prepare.ts'
import { silent } from '../support/silent.ts'
import { testSecret } from '../support/tokens.ts'

const entry = fileURLToPath(new URL('../../src/services/notification-worker.ts', import.meta.url))

let environment: TestEnvironment
let api: TestApi
let producer: Producer
let worker: ChildProcess
let published = 0

before(async () => {
  environment = await createTestEnvironment()
  api = await startTestApi(environment)
  const kafka = createKafka({
    brokers: environment.KAFKA_BROKERS.split(','),
    prefix: environment.KAFKA_PREFIX,
    clientId: 'test',
    log: silent,
  })
  await prepareParts(api.reads, kafka)
  producer = kafka.producer()
  worker = startWorker({})
})

after(async () => {
  worker.kill('SIGKILL')
  await producer.close()
  await api.stop()
})

function startWorker(more: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [entry], {
    env: { ...process.env, ...environment, ...more, NOTIFICATION_WORKER_PORT: '0', LOG_LEVEL: 'warn' },
    stdio: 'inherit',
  })
}

/** What the relay does, once. */
async function publish(): Promise<void> {
  const events = await readAfter(api.reads, published, 1_000)
  published = events.at(-1)?.position ?? published
  await producer.send(events.map((event) => toRecord(event, null)))
}

const newUser = () => `user-${randomUUID()}`
const addressOf = (userId: string) => `${userId}@people.test`
const put = (url: string, payload: object) => api.app.inject({ method: 'PUT', url, payload })

async function registered(): Promise<string> {
  const userId = newUser()
  const answer = await put(`/api/v1/users/${userId}`, { email: addressOf(userId), name: 'Ada' })
  assert.equal(answer.statusCode, 201, answer.body)
  return userId
}

async function review(user_id: string): Promise<string> {
  const answer = await api.post({ ...aReview, user_id, entity_id: randomUUID() })
  assert.equal(answer.statusCode, 201, answer.body)
  return answer.json().review_id
}

const subjects = async (address: string, count: number) =>
  (await mailsTo(environment.MAIL_INBOX_URL, address, count)).map(({ subject }) => subject.split(' ')[0])

test('mail goes to the address that a user registered, by their name, and to no other', async () => {
  const userId = await registered()
  await review(userId)
  await publish()
  const [mail] = await mailsTo(environment.MAIL_INBOX_URL, addressOf(userId))
  assert.deepEqual(mail?.to, [{ address: addressOf(userId), name: 'Ada' }])
  assert.deepEqual(await mailsTo(environment.MAIL_INBOX_URL, `${userId}@example.test`, 0), [])
})

test('a notice that a user does not want is not sent, and the others are', async () => {
  const userId = await registered()
  await put(`/api/v1/users/${userId}/preferences`, {
    email: { review_created: false, review_updated: false },
  })
  const id = await review(userId)
  await api.put(id, { rating: 1 })
  await api.remove(id, { reason: 'Changed my mind' })
  await publish()
  // One review's notices are in order: the last one is there, and nothing before it.
  const [mail, ...more] = await mailsTo(environment.MAIL_INBOX_URL, addressOf(userId))
  assert.match(mail?.text ?? '', /Changed my mind/)
  assert.deepEqual(more, [])
})

test('what a user wants again is sent again, to a new address too', async () => {
  const userId = await registered()
  const preferences = `/api/v1/users/${userId}/preferences`
  await put(preferences, { email: { review_created: false } })
  await review(userId)
  await put(preferences, { email: { review_created: true } })
  await put(`/api/v1/users/${userId}`, { email: `new-${addressOf(userId)}` })
  await review(userId)
  await publish()
  // Preferences and address are those of the moment of sending, so both are sent.
  assert.equal((await subjects(`new-${addressOf(userId)}`, 2)).length, 2)
  assert.deepEqual(await subjects(addressOf(userId), 0), [])
})

test('in local mode who is not registered has an address all the same', async () => {
  const userId = newUser()
  await review(userId)
  await publish()
  assert.equal((await subjects(`${userId}@example.test`, 1)).length, 1)
})

test('with authentication nobody is written to who did not say where', async () => {
  worker.kill('SIGTERM')
  await once(worker, 'exit')
  worker = startWorker({ AUTH_SECRET: testSecret })
  const [unknown, known] = [newUser(), await registered()]
  await review(unknown)
  // Enough to be in every partition behind the other.
  const count = 24
  for (let n = 0; n < count; n += 1) await review(known)
  await publish()
  assert.equal((await subjects(addressOf(known), count)).length, count)
  assert.deepEqual(await subjects(`${unknown}@example.test`, 0), [])
})
