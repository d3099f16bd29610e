import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partitionOf } from './partitioner.ts'

// The hashes are those of UtilsTest.testMurmur2 in Apache Kafka's Java client.
const hashes: readonly (readonly [key: string, hash: number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
]

for (const [key, hash] of hashes) {
  test(`the key ${key} goes where the Java client puts it`, () => {
    for (const partitions of [1, 3, 6, 12, 100]) {
      assert.equal(partitionOf(Buffer.from(key), partitions), (hash & 0x7fffffff) % partitions)
    }
  })
}
