import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resetRow } from './reset-offsets.ts'

const standing = { topic: 't', partition: 0, before: 70, first: 10, end: 100, atTime: null }

test('back to the first record, those from there on come again', () => {
  const { after, again } = resetRow({ to: 'earliest' }, standing)
  assert.deepEqual({ after, again }, { after: 10, again: 60 })
})

test('to the end, what was not read is never read', () => {
  const { after, again } = resetRow({ to: 'latest' }, standing)
  assert.deepEqual({ after, again }, { after: 100, again: -30 })
})

test('a moment younger than every record is the end', () =>
  assert.equal(resetRow({ to: 'time', at: '2026-01-01T00:00:00Z' }, standing).after, 100))

test('an offset is kept within what the partition has', () => {
  assert.equal(resetRow({ to: 'offset', offset: 5, partition: 0 }, standing).after, 10)
  assert.equal(resetRow({ to: 'offset', offset: 500, partition: 0 }, standing).after, 100)
})
