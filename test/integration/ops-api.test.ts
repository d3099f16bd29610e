import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { exampleOf } from '../../src/contracts/example.ts'
import { topics } from '../../src/contracts/topics.ts'
import { freePort } from '../../src/launcher/ports.ts'
import type { ResetPreview } from '../../src/ops/contract/groups.ts'
import type { Overview } from '../../src/ops/contract/overview.ts'
import { indexDeadLetters } from '../../src/ops/dead-letters/letter-index.ts'
import { letterSource } from '../../src/ops/dead-letters/letter-source.ts'
import { listAudit } from '../../src/platform/audit/audit.ts'
import { AppError } from '../../src/platform/errors.ts'
import { createTokenVerifier, signToken } from '../../src/platform/identity/tokens.ts'
import type { Producer } from '../../src/platform/kafka/producer.ts'
import { deadLetterRecord } from '../../src/platform/messaging/dead-letters.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { startOps } from '../support/ops.ts'
import { asUser, authConfig, bearer, testSecret } from '../support/tokens.ts'
import { until } from '../support/until.ts'

const topic = topics.reviews.name
let ops: Awaited<ReturnType<typeof startOps>>
let producer: Producer
let viewer: Record<string, string>
let operator: Record<string, string>
let admin: Record<string, string>

before(async () => {
  ops = await startOps(await createTestEnvironment(), {
    verify: createTokenVerifier(authConfig),
    prometheusUrl: `http://127.0.0.1:${await freePort()}`,
  })
  producer = ops.kafka.producer()
  viewer = await asUser('vera', 'moderator')
  operator = await asUser('otto', 'operator')
  admin = await asUser('ada', 'admin')
})

after(async () => {
  await producer.close()
  await ops.stop()
})

const event = exampleOf(reviewCreated)

async function letters(count: number): Promise<void> {
  const now = new Date()
  const record = {
    topic,
    partition: 0,
    offset: 0n,
    timestamp: BigInt(now.getTime()),
    key: Buffer.from(event.aggregate_id),
    value: Buffer.from(JSON.stringify(event)),
    headers: [[Buffer.from('event_id'), Buffer.from(event.event_id)]] as const,
  }
  const error = new AppError('handler_error', 'fatal', 'x is not a function')
  const letter = { record, error, attempts: 1, firstFailedAt: now, failedAt: now }
  await producer.send(
    Array.from({ length: count }, (_, nth) =>
      deadLetterRecord('analytics-service', { ...letter, record: { ...record, offset: BigInt(nth) } }),
    ),
  )
  await until('the letters are indexed', async () => {
    await indexDeadLetters(ops.pool, letterSource(ops.reader))
    const { rows } = await ops.pool.query<{ count: number }>('select count(*) as count from dead_letters')
    return (rows[0]?.count ?? 0) >= count
  })
}

test('nobody looks on without a token that has a role', async () => {
  assert.equal((await ops.get('/session')).statusCode, 401)
  assert.equal((await ops.get('/session', await asUser('nora'))).statusCode, 403)
  assert.deepEqual((await ops.get('/session', viewer)).json(), {
    actor: 'vera',
    role: 'viewer',
    open: false,
    environment: 'test',
    traces_url: null,
  })
})

test('who may look on may not act', async () => {
  const discard = { filter: { state: 'open' }, reason: 'none' }
  assert.equal((await ops.send('POST', '/dead-letters/discard', discard, viewer)).statusCode, 403)
  const reset = { topic, target: { to: 'earliest' }, confirm: 'some-group' }
  assert.equal((await ops.send('POST', '/groups/some-group/offsets', reset, operator)).statusCode, 403)
})

test('the overview says that no relay runs, and what to do', async () => {
  const overview = await until<Overview>('a look was taken', async () => {
    const answer = await ops.get('/overview', viewer)
    return answer.statusCode === 200 && answer.json()
  })
  assert.equal(overview.state, 'late')
  const problem = overview.problems.find(({ id }) => id === 'relay-absent')
  assert.equal(problem?.command, 'npm run -s thereview -- start relay')
  assert.equal(overview.brokers.length, 3)
})

test('a letter is shown masked; revealing it needs a role, and is audited', async () => {
  await letters(3)
  const [group] = (await ops.get('/dead-letters/groups?state=open', viewer)).json().items
  assert.deepEqual(
    [group.consumer_group, group.error_code, group.count],
    ['analytics-service', 'handler_error', 3],
  )

  const masked = (await ops.get('/dead-letters/0/message', viewer)).json()
  assert.equal(JSON.parse(masked.json).data.content, '•••')
  assert.equal(masked.raw, null)

  assert.equal((await ops.get('/dead-letters/0/message?reveal=true', viewer)).statusCode, 403)
  const revealed = (await ops.get('/dead-letters/0/message?reveal=true', operator)).json()
  assert.equal(JSON.parse(revealed.json).data.content, Reflect.get(event.data, 'content'))
  const [entry] = await listAudit(ops.pool, 1)
  assert.deepEqual([entry?.actor, entry?.action], ['otto', 'personal_data.revealed'])
})

test('a replay says first what it would do, and discarding needs a reason', async () => {
  const filter = { consumer_group: 'analytics-service' }
  const plan = (await ops.send('POST', '/replays/plan', { filter, max_letters: 2 }, viewer)).json()
  assert.deepEqual([plan.letters, plan.decodable], [2, 2])

  const nothing = await ops.send('POST', '/dead-letters/discard', { filter, reason: ' ' }, operator)
  assert.equal(nothing.statusCode, 422)
  const done = await ops.send('POST', '/dead-letters/discard', { filter, reason: 'from a test' }, operator)
  assert.deepEqual(done.json(), { discarded: 3 })
  const [letter] = (await ops.get('/dead-letters?state=discarded', viewer)).json().items
  assert.equal(letter.discard_reason, 'from a test')
  // A filter that fits nothing discards nothing, which is no act.
  const again = await ops.send('POST', '/dead-letters/discard', { filter, reason: 'again' }, operator)
  assert.deepEqual(again.json(), { discarded: 0 })
  const [entry] = await listAudit(ops.pool, 1)
  assert.deepEqual(
    [entry?.actor, entry?.action, entry?.target, entry?.details],
    ['otto', 'dead_letters.discarded', 'analytics-service, all codes', { letters: 3, first_ids: '0 1 2' }],
  )
})

test('offsets are reset while the group is inactive, as the preview said, and not while it is active', async () => {
  const partition = 1
  const record = { topic, partition, key: 'k', value: '{}', headers: {} }
  await producer.send(Array.from({ length: 10 }, () => record))
  const consumer = ops.kafka.consumer({ group: 'some-group', topics: [topic], instanceId: null })
  consumer.start()
  const batch = await consumer.next()
  assert.ok(batch)
  consumer.done(batch)
  await until(
    'the offset is committed',
    async () => (await ops.admin.committed('some-group')).get(topic)?.get(1) === 10n,
  )

  const wanted = { topic, target: { to: 'offset', offset: 4, partition } }
  const preview = () => ops.send('POST', '/groups/some-group/offsets/preview', wanted, viewer)
  const confirmed = { ...wanted, confirm: 'some-group' }
  assert.equal((await preview()).json().allowed, false)
  const refused = await ops.send('POST', '/groups/some-group/offsets', confirmed, admin)
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'group_active'])

  await consumer.stop()
  const { rows } = await until<ResetPreview>('the group is inactive', async () => {
    const seen = (await preview()).json()
    return seen.allowed && seen
  })
  assert.deepEqual(rows, [{ topic, partition, before: 10, first: 0, end: 10, after: 4, again: 6 }])
  const unconfirmed = await ops.send(
    'POST',
    '/groups/some-group/offsets',
    { ...confirmed, confirm: 'x' },
    admin,
  )
  assert.equal(unconfirmed.json().code, 'not_confirmed')
  assert.equal((await ops.send('POST', '/groups/some-group/offsets', confirmed, admin)).statusCode, 200)
  assert.equal((await ops.admin.committed('some-group')).get(topic)?.get(1), 4n)
  const [entry] = await listAudit(ops.pool, 1)
  assert.deepEqual(
    [entry?.actor, entry?.action, entry?.target, entry?.details],
    ['ada', 'group.offsets_reset', `some-group on ${topic}`, { partition_1: '10 → 4' }],
  )
})

test('what is streamed ends when the token expires that it was asked with', async () => {
  // The verifier is lenient by five seconds.
  const credentials = { subject: 'vera', roles: ['moderator'], expiresInSeconds: -2 } as const
  const headers = bearer(await signToken(testSecret, credentials))
  assert.equal((await ops.get('/live', headers)).statusCode, 200)
  assert.equal((await ops.get('/live', headers)).statusCode, 401)
})

test('to programs an address that leads nowhere is a problem, and to anybody one of the API', async () => {
  for (const [url, accept] of [
    ['/nowhere', 'application/json'],
    ['/api/ops/v1/nowhere', 'text/html'],
  ] as const) {
    const answer = await ops.app.inject({ url, headers: { accept } })
    assert.deepEqual([answer.statusCode, answer.json().code], [404, 'not_found'])
  }
})

test('while the configured Prometheus is silent, the lag is told from memory, with the reason', async () => {
  const history = await until('the group was seen', async () => {
    const told = (await ops.get('/groups/some-group/lag', viewer)).json()
    return told.points.length > 0 && told
  })
  assert.equal(history.source, 'memory')
  assert.match(history.problem, /^Prometheus does not tell the lag: /)
})

test('topics of TheReview are protected; others can be made, changed and deleted', async () => {
  const refused = await ops.send('DELETE', `/topics/${topic}`, { confirm: topic }, admin)
  assert.deepEqual([refused.statusCode, refused.json().code], [403, 'topic_protected'])

  const body = { name: 'trial', partitions: 2, replication_factor: 3, retention_ms: 3_600_000 }
  assert.equal((await ops.send('POST', '/topics', body, admin)).statusCode, 201)
  await until('it is there', async () => (await ops.get('/topics/trial', viewer)).statusCode === 200)
  assert.equal((await ops.send('POST', '/topics', body, admin)).json().code, 'topic_already_exists')
  const shorter = { retention_ms: 60_000, confirm: 'trial' }
  assert.equal((await ops.send('PUT', '/topics/trial/retention', shorter, admin)).statusCode, 200)
  await until(
    'the retention is changed',
    async () => (await ops.admin.settings('trial'))['retention.ms'] === '60000',
  )
  assert.equal((await ops.send('DELETE', '/topics/trial', { confirm: 'trial' }, admin)).statusCode, 200)
  await until('it is gone', async () => (await ops.get('/topics/trial', viewer)).statusCode === 404)

  const entries = (await listAudit(ops.pool, 3)).map(({ actor, action, target, details }) => ({
    act: `${actor}: ${action} ${target}`,
    details,
  }))
  assert.deepEqual(entries.reverse(), [
    {
      act: 'ada: topic.created trial',
      details: { partitions: 2, replication_factor: 3, retention_ms: 3_600_000 },
    },
    { act: 'ada: topic.retention_changed trial', details: { before: 3_600_000, retention_ms: 60_000 } },
    { act: 'ada: topic.deleted trial', details: {} },
  ])
})

test('messages are found by what they have, and their values are masked', async () => {
  const [, second] = await Promise.all([
    producer.send([{ topic, key: 'other', value: 'no event', headers: {} }]),
    producer.send([
      {
        topic,
        key: event.aggregate_id,
        value: JSON.stringify(event),
        headers: { event_type: event.event_type },
      },
    ]),
  ])
  assert.equal(second, undefined)
  const stream = await ops.get(`/topics/${topic}/messages?from=newest&type=review.created&limit=5`, viewer)
  const found = stream.body
    .split('\n\n')
    .filter((block) => block.startsWith('event: message'))
    .map((block) => JSON.parse(block.slice(block.indexOf('data: ') + 6)))
  assert.equal(found.length, 1)
  assert.equal(found[0].key, event.aggregate_id)
  assert.equal(JSON.parse(found[0].json).data.title, '•••')

  const probing = await ops.get(`/topics/${topic}/messages?from=newest&value=secret`, viewer)
  assert.equal(probing.statusCode, 403)
  const searched = await ops.get(`/topics/${topic}/messages?from=newest&value=secret`, operator)
  assert.equal(searched.statusCode, 200)
  const [entry] = await listAudit(ops.pool, 1)
  assert.deepEqual(
    [entry?.actor, entry?.action, entry?.target, entry?.details],
    ['otto', 'personal_data.searched', `messages of ${topic}`, {}],
  )
})

test('the page keeps to itself: no script, frame or form of others', async () => {
  const page = await ops.app.inject({ method: 'GET', url: '/' })
  assert.match(String(page.headers['content-security-policy']), /default-src 'self'.*frame-ancestors 'none'/)
})
