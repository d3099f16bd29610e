import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventDefinition } from '../contracts/event.ts'
import { emailSend } from '../contracts/events/email-send.ts'
import { reviewCreated } from '../contracts/events/review-created.ts'
import { reviewDeleted } from '../contracts/events/review-deleted.ts'
import { exampleOf } from '../contracts/example.ts'
import type { IncomingRecord } from '../platform/kafka/records.ts'
import { type TailFilter, tail } from './tail.ts'

const all: TailFilter = { types: [], key: null, traceId: null }

test('records of several partitions come in the order of their times', async () => {
  const records = [recordOf(reviewCreated, { at: 30n }), recordOf(emailSend, { at: 10n, partition: 1 })]
  const shown = await tailed(records, all)
  assert.deepEqual(
    shown.map(({ event }) => event?.event_type),
    ['email.send.v1', 'review.created.v1'],
  )
})

test('filters take exact types and beginnings, a key, and a trace', async () => {
  const records = [
    recordOf(reviewCreated, { at: 1n, key: 'a' }),
    recordOf(reviewDeleted, { at: 2n, key: 'b' }),
    recordOf(emailSend, { at: 3n, key: 'a', traceId: 'c'.repeat(32) }),
  ]
  const offsets = async (filter: Partial<TailFilter>) =>
    (await tailed(records, { ...all, ...filter })).map(({ recorded_at }) => new Date(recorded_at).getTime())
  assert.deepEqual(await offsets({ types: ['review.'] }), [1, 2])
  assert.deepEqual(await offsets({ types: ['review.deleted.v1', 'email.'] }), [2, 3])
  assert.deepEqual(await offsets({ key: 'a' }), [1, 3])
  assert.deepEqual(await offsets({ traceId: 'c'.repeat(32) }), [3])
  assert.deepEqual(await offsets({ key: 'a', types: ['review.'] }), [1])
})

test('what is no event of ours is shown with the reason, unless types were asked for', async () => {
  const junk = { ...recordOf(reviewCreated, { at: 1n }), value: Buffer.from('junk') }
  const [shown] = await tailed([junk], all)
  assert.equal(shown?.event, null)
  assert.equal(shown?.problem, 'undecodable: the value is not a JSON object')
  assert.deepEqual(await tailed([junk], { ...all, types: ['review.'] }), [])
})

async function tailed(records: readonly IncomingRecord[], filter: TailFilter) {
  const batches: (readonly IncomingRecord[] | null)[] = [records, null]
  const reader = { next: async () => batches.shift() ?? null }
  return Array.fromAsync(tail(reader, filter))
}

function recordOf(
  definition: EventDefinition,
  {
    at,
    partition = 0,
    key = 'key',
    traceId,
  }: { at: bigint; partition?: number; key?: string; traceId?: string },
): IncomingRecord {
  const event = exampleOf(definition)
  const metadata = { ...event.metadata, ...(traceId !== undefined && { trace_id: traceId }) }
  return {
    topic: definition.topic.name,
    partition,
    offset: 0n,
    timestamp: at,
    key: Buffer.from(key),
    value: Buffer.from(JSON.stringify({ ...event, metadata })),
    headers: [[Buffer.from('position'), Buffer.from('7')]],
  }
}
