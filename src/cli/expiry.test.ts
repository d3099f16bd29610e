import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseExpiry } from './expiry.ts'

test('a time is a number and a unit', () => {
  assert.deepEqual(['45s', '30min', '1h', '90d'].map(parseExpiry), [45, 1_800, 3_600, 7_776_000])
})

for (const text of ['', '1', 'h', '0h', '-1h', '1.5h', '1 h', '1m', '1y', '9999999999d']) {
  test(`${JSON.stringify(text)} is none`, () => assert.throws(() => parseExpiry(text), /such as 30min/))
}
