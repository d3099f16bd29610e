// What operators do at the command line stands in the audit; where the audit cannot have it, it is not done.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { topics } from '../../src/contracts/topics.ts'
import { applyTopicsAudited } from '../../src/ops/topics/apply-audited.ts'
import { type AuditEntry, listAudit } from '../../src/platform/audit/audit.ts'
import { audited } from '../../src/platform/audit/audited.ts'
import { AppError } from '../../src/platform/errors.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import { deadLetterRecord } from '../../src/platform/messaging/dead-letters.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { append, newEvent } from '../support/log.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const environment = await createTestEnvironment()
const db = createPool({ url: environment.DATABASE_URL, size: 2, applicationName: 'test' })
const kafka = createKafka({
  brokers: environment.KAFKA_BROKERS.split(','),
  prefix: environment.KAFKA_PREFIX,
  clientId: 'test',
  log: silent,
})
const admin = kafka.admin()
after(async () => {
  await admin.close()
  await db.end()
})

// Nobody listens there.
const nowhere = 'postgres://nobody:secret@127.0.0.1:1/nothing'

function cli(command: string, more: Record<string, string> = {}) {
  const env = { ...process.env, ...environment, NO_COLOR: '1', ...more }
  return spawnSync(process.execPath, [main, ...command.split(' ')], { env, encoding: 'utf8' })
}

const acts = (entries: readonly AuditEntry[]) =>
  entries.map(({ actor, action, target, details }) => ({ actor, action, target, details })).reverse()

test('without its audit a topic is neither made nor changed, and the remedy is said', async () => {
  const { status, stderr } = cli('topics apply', { DATABASE_URL: nowhere })
  assert.equal(status, 1)
  assert.match(
    stderr,
    /^"topic\.created" of \S+ was not done, .* Postgres does not answer\. Start it, or mend DATABASE_URL\.$/m,
  )
  assert.ok(!stderr.includes('secret'))
  assert.deepEqual(await admin.topics(), [])
  // To look needs no audit.
  assert.equal(cli('topics apply --dry-run', { DATABASE_URL: nowhere }).status, 0)
})

test('a cluster that is given by hand wants the database of its own deployment', () => {
  const { status, stderr } = cli('topics apply', { DATABASE_URL: '' })
  assert.equal(status, 1)
  assert.match(stderr, /^KAFKA_BROKERS is set and DATABASE_URL is not: .* Set DATABASE_URL too\.$/m)
})

test('preparing notes each topic that it makes, and a second time nothing', async () => {
  const first = cli('prepare')
  assert.equal(first.status, 0, first.stderr)
  const entries = acts(await listAudit(db, 50))
  assert.deepEqual(
    entries.map(({ action, target }) => `${action} ${target}`).sort(),
    Object.values(topics)
      .map(({ name }) => `topic.created ${name}`)
      .sort(),
  )
  for (const { actor } of entries) assert.match(actor, /^cli:./)
  const reviews = entries.find(({ target }) => target === topics.reviews.name)
  assert.deepEqual(reviews?.details, {
    partitions: 3,
    replication_factor: 3,
    retention_ms: topics.reviews.retentionMs,
  })
  assert.equal(cli('prepare').status, 0)
  assert.equal(cli('topics apply').status, 0)
  assert.equal((await listAudit(db, 50)).length, entries.length)
})

test('a setting that is put back is noted with what it was', async () => {
  const topic = topics.users.name
  await admin.changeSettings(topic, { 'retention.ms': '60000' })
  const retention = async () => (await admin.settings(topic))['retention.ms']
  await until('it is changed by hand', async () => (await retention()) === '60000')
  assert.equal(cli('topics apply').status, 0)
  const [entry] = await listAudit(db, 1)
  assert.deepEqual(
    [entry?.action, entry?.target, entry?.details],
    ['topic.setting_changed', topic, { before: '60000', 'retention.ms': String(topics.users.retentionMs) }],
  )
})

test('what the relay is told to publish again is noted', async () => {
  const event = newEvent(reviewCreated)
  const [position] = await append(db, [event])
  await db.query(
    "insert into relay_set_aside (position, aggregate_type, aggregate_id, reason) values ($1, $2, $3, 'record_too_large')",
    [position, event.aggregateType, event.aggregateId],
  )
  assert.equal(cli('outbox retry nothing').status, 1)
  assert.match(cli(`outbox retry ${event.aggregateId}`).stdout, /tries 1 events again/)
  assert.match(cli('outbox rewind --to 0').stdout, /Say --yes/)
  assert.match(cli('outbox rewind --to 0 --yes').stdout, /publishes 1 events again/)
  const entries = acts(await listAudit(db, 2))
  assert.deepEqual(
    entries.map(({ action, target, details }) => [action, target, details]),
    [
      ['outbox.retried', event.aggregateId, { events: 1 }],
      ['outbox.rewound', 'relay', { to: 0 }],
    ],
  )
  for (const { actor } of entries) assert.match(actor, /^cli:./)
})

test('to see what a dead letter holds is noted', async () => {
  const producer = kafka.producer()
  const now = new Date()
  const record = {
    topic: topics.reviews.name,
    partition: 0,
    offset: 0n,
    timestamp: BigInt(now.getTime()),
    key: Buffer.from('somebody'),
    value: Buffer.from('{}'),
    headers: [],
  }
  const error = new AppError('handler_error', 'fatal', 'x is not a function')
  const letter = { record, error, attempts: 1, firstFailedAt: now, failedAt: now }
  await producer.send([deadLetterRecord('analytics-service', letter)])
  await producer.close()
  const shown = cli('dlq show 0')
  assert.equal(shown.status, 0, shown.stderr)
  const [entry] = await listAudit(db, 1)
  assert.deepEqual([entry?.action, entry?.target], ['personal_data.revealed', 'dead letter 0'])
})

test('a change that fails is noted as failed', async () => {
  const act = { actor: 'otto', action: 'topic.created', target: 'trial' }
  const failing = audited(db, act, () => Promise.reject(new AppError('unavailable', 'retryable', 'no')))
  await assert.rejects(failing, { code: 'unavailable' })
  const [failed, begun] = await listAudit(db, 2)
  assert.equal(begun?.action, 'topic.created')
  assert.deepEqual(
    [failed?.actor, failed?.action, failed?.target, failed?.details],
    ['otto', 'act.failed', 'trial', { entry: begun?.number, action: 'topic.created', code: 'unavailable' }],
  )
})

test('a database that was never migrated is told from one that is away', async () => {
  await db.query('alter function append_audit rename to another')
  const act = { actor: 'otto', action: 'topic.created', target: 'trial' }
  await assert.rejects(
    audited(db, act, () => assert.fail('it was done all the same')),
    { code: 'audit_unavailable', message: /is not migrated\. Run "thereview prepare"\./ },
  )
  await db.query('alter function another rename to append_audit')
})

test('who applies at the same time as another does no harm, and says so', async () => {
  await admin.deleteTopic(topics.retries.name)
  await until(
    'it is gone',
    async () => !(await admin.topics()).some(({ name }) => name === topics.retries.name),
  )
  const actors = ['ada', 'otto']
  await Promise.all(actors.map((actor) => applyTopicsAudited({ admin, db, actor }, 3)))
  const entries = (await listAudit(db, 4)).filter(({ target }) => target === topics.retries.name)
  const made = entries.filter(({ action }) => action === 'topic.created')
  const failed = entries.filter(({ action }) => action === 'act.failed')
  assert.equal(made.length - failed.length, 1)
  for (const { details } of failed) assert.equal(details.code, 'topic_already_exists')
})
