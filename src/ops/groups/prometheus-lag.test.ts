import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lagFromPrometheus } from './prometheus-lag.ts'

test('a Prometheus that cannot be reached is told of without the password in its URL', async () => {
  await assert.rejects(
    lagFromPrometheus('http://ann:hush@127.0.0.1:1/base', 'some-group', Date.now()),
    (error) => {
      assert.ok(error instanceof Error)
      assert.match(error.message, /^Prometheus does not tell the lag: fetch failed/)
      assert.doesNotMatch(`${error.message} ${error.cause}`, /hush/)
      return true
    },
  )
})
