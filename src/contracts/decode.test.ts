import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue } from './catalogue.ts'
import { decode } from './decode.ts'
import { exampleOf } from './example.ts'

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

for (const definition of catalogue) {
  test(`the example of ${definition.type} decodes to itself`, () => {
    const event = exampleOf(definition)
    const decoded = decode(bytes(event))
    assert.deepEqual(decoded, { ok: true, event, definition })
  })

  test(`${definition.type} with fields of a newer producer decodes`, () => {
    const event = exampleOf(definition)
    const newer = {
      ...event,
      added: 1,
      data: { ...event.data, added: 'x' },
      metadata: { ...event.metadata, added: true },
    }
    assert.equal(decode(bytes(newer)).ok, true)
  })
}

const created = exampleOf(catalogue[0] ?? assert.fail())

const refused: [name: string, value: Buffer | null, code: string][] = [
  ['a tombstone', null, 'undecodable'],
  ['an empty value', Buffer.alloc(0), 'undecodable'],
  ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x00]), 'undecodable'],
  ['text that is not JSON', Buffer.from('{"event_type":'), 'undecodable'],
  ['JSON that is not an object', Buffer.from('[1]'), 'undecodable'],
  ['an object without a type', bytes({ ...created, event_type: undefined }), 'schema_mismatch'],
  ['a type that nobody declared', bytes({ ...created, event_type: 'review.liked.v1' }), 'unknown_event_type'],
  [
    'a name of Object.prototype as type',
    bytes({ ...created, event_type: 'constructor' }),
    'unknown_event_type',
  ],
  ['a missing field', bytes({ ...created, data: { ...created.data, rating: undefined } }), 'schema_mismatch'],
  [
    'a rating between the halves',
    bytes({ ...created, data: { ...created.data, rating: 4.3 } }),
    'schema_mismatch',
  ],
  ['a rating as text', bytes({ ...created, data: { ...created.data, rating: '5' } }), 'schema_mismatch'],
  ['a version of 0', bytes({ ...created, aggregate_version: 0 }), 'schema_mismatch'],
  ['an id that is not a UUID', bytes({ ...created, event_id: 'e1' }), 'schema_mismatch'],
  ['a time that is not a time', bytes({ ...created, timestamp: 'yesterday' }), 'schema_mismatch'],
  [
    'a time with the name of its zone',
    bytes({ ...created, timestamp: '2026-11-23T11:30:00+01:00[Europe/Berlin]' }),
    'schema_mismatch',
  ],
  ['a leap second', bytes({ ...created, timestamp: '2016-12-31T23:59:60Z' }), 'schema_mismatch'],
]

for (const [name, value, code] of refused) {
  test(`refused as ${code}: ${name}`, () => {
    const decoded = decode(value)
    assert.ok(!decoded.ok)
    assert.equal(decoded.code, code)
    assert.ok(decoded.detail.length > 0)
  })
}
