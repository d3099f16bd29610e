import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../errors.ts'
import { headerPairs, type IncomingRecord } from '../kafka/records.ts'
import { settle } from './settle.ts'

const record: IncomingRecord = {
  topic: 'reviews.events',
  partition: 1,
  offset: 12n,
  timestamp: 1_790_000_000_000n,
  key: Buffer.from('k'),
  value: null,
  headers: [[Buffer.from([255]), Buffer.from([254])]],
}
const now = new Date('2026-11-23T10:30:00.000Z')
const error = new AppError('smtp_unavailable', 'retryable', 'é'.repeat(2_000))
const first = { record, number: 1, firstFailedAt: null, isReplay: false }

function headersOf(settlement: ReturnType<typeof settle>): Map<string, string> {
  assert.ok(settlement.kind !== 'done')
  return new Map(headerPairs(settlement.record.headers).map(([name, value]) => [name.toString(), `${value}`]))
}

test('a dead letter is the record to the byte, and says why in headers of its own', () => {
  const settlement = settle('analytics-service', first, { verdict: 'dead-letter', error }, now)
  assert.equal(settlement.kind, 'dead-letter')
  assert.equal(settlement.record.key, record.key)
  assert.equal(settlement.record.value, null)
  assert.deepEqual(headerPairs(settlement.record.headers)[0], record.headers[0])
  const headers = headersOf(settlement)
  const message = headers.get('dlq-error-message') ?? ''
  assert.ok(Buffer.byteLength(message) <= 1024 && /^é+$/.test(message))
  headers.delete('dlq-error-message')
  assert.deepEqual([...headers].slice(1), [
    ['dlq-original-topic', 'reviews.events'],
    ['dlq-original-partition', '1'],
    ['dlq-original-offset', '12'],
    ['dlq-original-timestamp', '1790000000000'],
    ['dlq-consumer-group', 'analytics-service'],
    ['dlq-error-code', 'smtp_unavailable'],
    ['dlq-attempts', '1'],
    ['dlq-first-failed-at', now.toISOString()],
    ['dlq-failed-at', now.toISOString()],
  ])
})

test('a retry is the next attempt, for its group, and remembers when it first failed', () => {
  const settlement = settle('notification-service', first, { verdict: 'retry', error }, now)
  assert.equal(settlement.kind, 'retry')
  const headers = headersOf(settlement)
  assert.equal(headers.get('retry-group'), 'notification-service')
  assert.equal(headers.get('retry-attempt'), '2')
  assert.equal(headers.get('retry-first-failed-at'), now.toISOString())
  assert.equal(headers.get('retry-due-at'), settlement.dueAt.toISOString())
})

test('an attempt too many is a dead letter that counts all of them', () => {
  const firstFailedAt = new Date(now.getTime() - 60_000)
  const last = { record, number: 14, firstFailedAt, isReplay: false }
  const settlement = settle('notification-service', last, { verdict: 'retry', error }, now)
  assert.equal(settlement.kind, 'dead-letter')
  const headers = headersOf(settlement)
  assert.equal(headers.get('dlq-attempts'), '14')
  assert.equal(headers.get('dlq-error-code'), 'smtp_unavailable')
  assert.equal(headers.get('dlq-first-failed-at'), firstFailedAt.toISOString())
})
