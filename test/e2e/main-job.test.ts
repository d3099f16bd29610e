import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Redis } from 'ioredis'
import { cacheKeys } from '../../src/contracts/cache-keys.ts'
import { groups } from '../../src/contracts/consumer-groups.ts'
import { allTopics } from '../../src/contracts/topics.ts'
import type { GroupLag } from '../../src/ops/lag.ts'
import type { LoadReport } from '../../src/ops/load.ts'
import type { Statistics } from '../../src/ops/load-tally.ts'
import type { TailedRecord } from '../../src/ops/tail.ts'
import type { TopicSummary } from '../../src/ops/topics.ts'
import { mailsTo } from '../support/inbox.ts'
import { OwnStack } from '../support/own-stack.ts'
import { until } from '../support/until.ts'

const entity = { entityType: 'product', entityId: 'prod-123' }
// The review of the README's curl, to the letter.
const review =
  '{"entity_type":"product","entity_id":"prod-123","user_id":"user-456","rating":5.0,"content":"This is an amazing product! Highly recommended."}'

let stack: OwnStack
let addresses: Record<string, string>
let apiUrl: string
let created: Response
let reviewId: string

before(async () => {
  stack = await OwnStack.start('main-job')
  addresses = await stackAddresses()
  apiUrl = `http://localhost:${addresses.API_PORT}`
})
after(async () => {
  await stack?.stop()
  await stack?.thereview('down')
})

test('the card says what runs where, what to try, and how to stop', () => {
  assert.ok(
    stack.output.includes(`curl -X POST ${apiUrl}/api/v1/reviews -H 'Content-Type: application/json'`),
  )
  assert.ok(stack.output.includes(review))
  assert.match(stack.output, /Stop with Ctrl-C/)
})

test('the review is taken', async () => {
  created = await post(review)
  assert.equal(created.status, 201)
  const body: { review_id: string; rating: number } = JSON.parse(await created.text())
  reviewId = body.review_id
  assert.equal(created.headers.get('location'), `/api/v1/reviews/${reviewId}`)
  assert.equal(created.headers.get('etag'), '"1"')
  assert.equal(body.rating, 5)
})

test('a mail to its author is in the inbox', async () => {
  const mails = await mailsTo(addresses.MAIL_INBOX_URL ?? '', 'user-456@example.test')
  assert.equal(mails.length, 1)
  assert.match(mails[0]?.subject ?? '', /prod-123/)
})

test('its entity has a statistic', async () => {
  const statistics = await until('the review is counted', async () => {
    const found = await statisticsOf('prod-123')
    return found.count === 1 && found
  })
  assert.equal(statistics.average, 5)
  assert.equal(statistics.histogram['5'], 1)
})

test('one event of it is on its topic', async () => {
  const records = await tailed('--key', reviewId, '-n', '1')
  const [{ topic, key, position, event } = assert.fail('no record')] = records
  assert.deepEqual({ topic, key, position }, { topic: 'reviews.events', key: reviewId, position: 1 })
  assert.equal(event?.event_type, 'review.created.v1')
  assert.equal(event?.aggregate_id, reviewId)
  assert.equal(event?.metadata.user_id, 'user-456')
  assert.equal(event?.metadata.trace_id, traceIdOf(created))
  const { topics }: { topics: TopicSummary[] } = await json('topics', 'list', '--json')
  assert.equal(topics.find(({ name }) => name === 'reviews.events')?.records, 1)
})

test('one trace shows the API, the relay and the three workers', async () => {
  const services = ['analytics-worker', 'api', 'cache-worker', 'notification-worker', 'relay']
  await until('the trace is whole', async () => {
    const answer = await fetch(`${addresses.ZIPKIN_URL}/api/v2/trace/${traceIdOf(created)}`)
    if (!answer.ok) return false
    const spans: { localEndpoint: { serviceName: string } }[] = JSON.parse(await answer.text())
    const seen = new Set(spans.map(({ localEndpoint }) => localEndpoint.serviceName))
    return services.every((service) => seen.has(service))
  })
})

test('a change clears what is cached, under every key of the contract', async () => {
  const redis = new Redis(addresses.REDIS_URL ?? '')
  try {
    const keys = [
      `${cacheKeys.lists(entity)}:by-somebody-else`,
      cacheKeys.stats(entity),
      cacheKeys.review(reviewId),
    ]
    for (const key of keys) await redis.set(key, 'old')
    const changed = await fetch(`${apiUrl}/api/v1/reviews/${reviewId}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"rating":4}',
    })
    assert.equal(changed.status, 200)
    await until('no key holds what it held', async () => (await redis.exists(keys)) === 0)
  } finally {
    redis.disconnect()
  }
  await until('the statistic follows', async () => (await statisticsOf('prod-123')).average === 4)
})

test('the topics are as they are declared', async () => {
  const { topics }: { topics: TopicSummary[] } = await json('topics', 'list', '--json')
  for (const declared of allTopics) {
    const topic = topics.find(({ name }) => name === declared.name)
    assert.equal(topic?.partitions, declared.partitions, declared.name)
    assert.equal(topic?.replication_factor, 3, declared.name)
    assert.equal(topic?.min_insync_replicas, 2, declared.name)
    assert.equal(topic?.retention_ms, declared.retentionMs, declared.name)
  }
  assert.equal((await json('topics', 'apply', '--dry-run', '--json')).differences.length, 0)
})

test('500 reviews by `load` are all accepted, and every statistic agrees with the count', async () => {
  const report: LoadReport = await json('load', '500', '--entities', '20', '--connections', '16', '--json')
  assert.equal(report.accepted, 500)
  assert.equal(report.failed, 0)
  assert.equal(report.entities_agreed, 20)
})

test('every group reaches lag zero', async () => {
  await until(
    'no group is behind',
    async () => {
      const { groups: found }: { groups: GroupLag[] } = await json('lag', ...Object.values(groups), '--json')
      return found.every(
        ({ lag, partitions }) => lag === 0 && partitions.some(({ committed }) => committed !== null),
      )
    },
    { timeoutMs: 60_000 },
  )
})

test('with all brokers stopped a review is taken at once, and its effects follow when they return', async () => {
  const brokers = ['kafka-1', 'kafka-2', 'kafka-3']
  for (const broker of brokers) assert.equal((await stack.thereview('stop', broker)).code, 0)

  const begin = performance.now()
  const answer = await post(review.replace('user-456', 'user-789').replace('prod-123', 'prod-offline'))
  const milliseconds = performance.now() - begin
  assert.equal(answer.status, 201)
  assert.ok(milliseconds < 500, `it took ${Math.round(milliseconds)} ms`)
  assert.equal((await statisticsOf('prod-offline')).count, 0)

  for (const broker of brokers) assert.equal((await stack.thereview('start', broker)).code, 0)
  await until('the review is counted', async () => (await statisticsOf('prod-offline')).count === 1, {
    timeoutMs: 60_000,
  })
  const mails = await mailsTo(addresses.MAIL_INBOX_URL ?? '', 'user-789@example.test')
  assert.equal(mails.length, 1)
})

test('Ctrl-C stops everything within 20 seconds', async () => {
  const { parts } = await json('status', '--json')
  const pids: number[] = parts.map(({ pid }: { pid: number }) => pid)
  const milliseconds = await stack.stop()
  assert.ok(milliseconds < 20_000, `it took ${Math.round(milliseconds)} ms`)
  for (const pid of pids)
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' }, `process ${pid} still runs`)
})

test('in the background it starts with its data, and ends without a word of trouble', async () => {
  const up = await stack.thereview('up', '--detach')
  assert.equal(up.code, 0, up.stderr)
  assert.match(up.stdout, /TheReview is ready.*Stop with: npm run stop/s)
  assert.equal((await statisticsOf('prod-123')).count, 1)

  const { pid }: { pid: number } = JSON.parse(readFileSync(join(stack.home, 'run.json'), 'utf8')).supervisor
  assert.equal((await stack.thereview('down')).code, 0)
  await until('the supervisor is gone', () => !existsSync(`/proc/${pid}`))
  const log = readFileSync(join(stack.home, 'logs', 'supervisor.log'), 'utf8')
  assert.match(log, /^Stopped\.$/m)
  assert.doesNotMatch(log, /^ +at /m)
})

function post(body: string): Promise<Response> {
  return fetch(`${apiUrl}/api/v1/reviews`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
}

async function statisticsOf(entityId: string): Promise<Statistics> {
  const answer = await fetch(`${apiUrl}/api/v1/entities/product/${entityId}/stats`)
  assert.equal(answer.status, 200)
  return JSON.parse(await answer.text())
}

function traceIdOf(answer: Response): string {
  return answer.headers.get('traceparent')?.split('-')[1] ?? ''
}

async function json(...args: string[]) {
  const { code, stdout, stderr } = await stack.thereview(...args)
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout)
}

async function tailed(...args: string[]): Promise<TailedRecord[]> {
  const { code, stdout, stderr } = await stack.thereview(
    'events',
    'tail',
    '--from-beginning',
    '--json',
    ...args,
  )
  assert.equal(code, 0, stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

async function stackAddresses(): Promise<Record<string, string>> {
  const { stdout } = await stack.thereview('env')
  return Object.fromEntries(
    [...stdout.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]),
  )
}
