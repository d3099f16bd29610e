import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partitionFrom } from './assigned-partition.ts'
import { hasRoom } from './fetcher.ts'

test('a partition is fetched while it is ours and has room', () => {
  const partition = partitionFrom({ topic: 't', topicId: 'id', partition: 0 }, 0n, null)
  assert.equal(hasRoom(partition), true)
  assert.equal(hasRoom({ ...partition, queuedBytes: 1024 * 1024 }), false)
  // What it brings would be thrown away, and asked for again at once.
  assert.equal(hasRoom({ ...partition, leaving: true }), false)
  assert.equal(hasRoom({ ...partition, gone: true }), false)
})
