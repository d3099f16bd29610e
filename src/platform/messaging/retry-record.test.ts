import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerPairs, type IncomingRecord, type OutgoingRecord } from '../kafka/records.ts'
import { fromRetryRecord, toRetryRecord } from './retry-record.ts'

const record: IncomingRecord = {
  topic: 'reviews.events',
  partition: 2,
  offset: 41n,
  timestamp: 1_790_000_000_123n,
  key: Buffer.from([0, 255]),
  value: Buffer.from([1, 254]),
  headers: [
    [Buffer.from('a'), Buffer.from([255])],
    [Buffer.from('a'), null],
  ],
}
const firstFailedAt = new Date('2026-11-23T10:30:00.000Z')
const dueAt = new Date('2026-11-23T10:31:00.250Z')

/** As it comes back from the topic. */
function delivered({ key, value, headers }: OutgoingRecord): IncomingRecord {
  const bytes = (one: Buffer | string | null) => (one === null ? null : Buffer.from(one))
  return {
    topic: 'retry.queue',
    partition: 0,
    offset: 7n,
    timestamp: 1_790_000_009_000n,
    key: bytes(key),
    value: bytes(value),
    headers: headerPairs(headers).map(([name, text]) => [Buffer.from(name), bytes(text)] as const),
  }
}

test('a record comes back from the retry queue as it first was', () => {
  const retry = {
    group: 'notification-service',
    attempt: { record, number: 3, firstFailedAt, isReplay: false },
    dueAt,
  }
  assert.deepEqual(fromRetryRecord(delivered(toRetryRecord(retry))), retry)
})

test('a record that was retried before carries one set of retry headers', () => {
  const first = { group: 'a', attempt: { record, number: 2, firstFailedAt, isReplay: false }, dueAt }
  const again = fromRetryRecord(delivered(toRetryRecord(first)))
  assert.ok(again)
  const second = toRetryRecord({ ...first, attempt: { ...again.attempt, number: 3 } })
  const names = headerPairs(second.headers).map(([name]) => name.toString())
  assert.equal(names.filter((name) => name === 'retry-attempt').length, 1)
})

test('a dead letter that was sent again is known as a replay, also at its next attempt', () => {
  const sentAgain = { ...record, headers: [[Buffer.from('dlq-replay-of'), Buffer.from('7')] as const] }
  const retry = {
    group: 'g',
    attempt: { record: sentAgain, number: 2, firstFailedAt, isReplay: true },
    dueAt,
  }
  assert.deepEqual(fromRetryRecord(delivered(toRetryRecord(retry))), retry)
})

test('what a foreign record lacks is taken from itself; without a group it is nobody’s', () => {
  const bare = { ...record, topic: 'retry.queue', headers: [] }
  assert.equal(fromRetryRecord(bare), null)
  const named = { ...bare, headers: [[Buffer.from('retry-group'), Buffer.from('g')] as const] }
  assert.deepEqual(fromRetryRecord(named), {
    group: 'g',
    attempt: { record: bare, number: 1, firstFailedAt: null, isReplay: false },
    dueAt: new Date(Number(record.timestamp)),
  })
})
