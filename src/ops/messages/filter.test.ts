import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matcher } from './filter.ts'

const record = {
  topic: 't',
  partition: 0,
  offset: 1n,
  timestamp: 0n,
  key: Buffer.from('review-7'),
  value: Buffer.from('{"event_type":"review.created.v1","data":{"content":"Great"}}'),
  headers: [[Buffer.from('retry-group'), Buffer.from('notification-service')]] as const,
}

for (const [what, filter, expected] of [
  ['a part of the key', { key: 'VIEW-7' }, true],
  ['a text in the value', { value: 'great' }, true],
  ['the beginning of a type, out of the value', { type: 'review.' }, true],
  ['another type', { type: 'user.' }, false],
  ['a header that is there', { header: 'retry-group' }, true],
  ['a header with a text', { header: 'retry-group=notification' }, true],
  ['a header with another text', { header: 'retry-group=cache' }, false],
  ['all of several', { key: '7', value: 'bad' }, false],
] as const) {
  test(`${what} ${expected ? 'matches' : 'does not match'}`, () =>
    assert.equal(matcher(filter)(record), expected))
}
