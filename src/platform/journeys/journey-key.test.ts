import assert from 'node:assert/strict'
import { test } from 'node:test'
import { journeyKey, keysOf } from './journey-key.ts'

test('an event is found by its correlation id and by its trace id', () => {
  const metadata = '{"correlation_id":"order-7","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","user_id":"u"}'
  assert.deepEqual(keysOf(metadata), [journeyKey('order-7'), journeyKey('4bf92f3577b34da6a3ce929d0e0e4736')])
})

test('an event whose correlation id is that of its trace has one key', () => {
  assert.deepEqual(keysOf('{"correlation_id":"4bf9","trace_id":"4bf9"}'), [journeyKey('4bf9')])
})

test('ids are the same in capitals', () => assert.equal(journeyKey('ABC'), journeyKey('abc')))
