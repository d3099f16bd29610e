import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorPattern } from './error-pattern.ts'

const cases: [message: string, pattern: string][] = [
  ['version 7 of 019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c is unknown', 'version <n> of <id> is unknown'],
  ['"review.liked.v1" is not in the catalogue', '"…" is not in the catalogue'],
  ["column 'x' at 2026-11-23T10:30:00.000Z", "column '…' at <time>"],
  ['/data/rating must be 5.5', '/data/rating must be <n>'],
]

for (const [message, pattern] of cases) {
  test(`${message} is grouped as ${pattern}`, () => assert.equal(errorPattern(message), pattern))
}

test('a pattern is bounded', () => assert.equal(errorPattern('x'.repeat(1000)).length, 300))
