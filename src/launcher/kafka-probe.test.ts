import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokersIn } from './kafka-probe.ts'

test("reads the brokers out of Kafka's answer, racks or none", () => {
  const answer = Buffer.concat([
    int32(0), // length, not looked at
    int32(1), // correlation id
    int32(2), // two brokers
    ...[int32(1), text('127.0.0.1'), int32(9092), Buffer.from([0xff, 0xff])],
    ...[int32(3), text('localhost'), int32(9094), text('rack-a')],
    int32(1), // controller
    int32(0), // topics
  ])
  assert.deepEqual(brokersIn(answer), [1, 3])
})

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeInt16BE(value.length)
  return Buffer.concat([length, Buffer.from(value)])
}
