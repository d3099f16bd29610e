import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue } from '../../contracts/catalogue.ts'
import { decode } from '../../contracts/decode.ts'
import { exampleOf } from '../../contracts/example.ts'
import type { StoredEvent } from './stored-event.ts'
import { toRecord } from './to-record.ts'

const stored = (example: ReturnType<typeof exampleOf>, position: number): StoredEvent => ({
  position,
  event_id: example.event_id,
  event_type: example.event_type,
  occurred_at: new Date(example.timestamp),
  aggregate_type: example.aggregate_type,
  aggregate_id: example.aggregate_id,
  aggregate_version: example.aggregate_version ?? null,
  data: JSON.stringify(example.data),
  metadata: JSON.stringify(example.metadata),
  traceparent: null,
})

for (const definition of catalogue) {
  test(`a stored ${definition.type} becomes a record that decodes to the same event`, () => {
    const event = exampleOf(definition)
    const record = toRecord(stored(event, 7), '00-aa-bb-01')
    assert.deepEqual(decode(Buffer.from(record.value)), { ok: true, event, definition })
    assert.equal(record.topic, definition.topic.name)
    assert.equal(record.key, event.aggregate_id)
    assert.deepEqual(Object.fromEntries(record.headers), {
      event_type: event.event_type,
      event_id: event.event_id,
      position: '7',
      'content-type': 'application/json',
      traceparent: '00-aa-bb-01',
    })
  })
}

test('an aggregate id of any characters stays valid JSON', () => {
  const [definition = assert.fail()] = catalogue
  const event = { ...exampleOf(definition), aggregate_id: 'a"b\\c é' }
  const record = toRecord(stored(event, 1), null)
  assert.equal(JSON.parse(record.value).aggregate_id, 'a"b\\c é')
  assert.ok(record.headers.every(([name]) => name !== 'traceparent'))
})

test('a type that this version does not know stops the relay rather than being lost', () => {
  const [definition = assert.fail()] = catalogue
  const event = stored({ ...exampleOf(definition), event_type: 'review.liked.v1' }, 1)
  assert.throws(() => toRecord(event, null), /review\.liked\.v1/)
})
