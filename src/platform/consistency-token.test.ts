import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeConsistencyToken, encodeConsistencyToken } from './consistency-token.ts'
import { AppError } from './errors.ts'

const refused = (error: unknown) => error instanceof AppError && error.code === 'invalid_consistency_token'
const count = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const version = fc.integer({ min: 1, max: 2 ** 31 - 1 })

test('a token names its write', () => {
  fc.assert(
    fc.property(fc.uuid(), version, count, (aggregateId, version, position) => {
      const mark = { aggregateId, version, position }
      assert.deepEqual(decodeConsistencyToken(encodeConsistencyToken(mark)), mark)
    }),
  )
})

test('what was never given out is refused', () => {
  const forged = [
    ['id', 0, 1],
    ['id', 2 ** 31, 1],
    ['id', 1, -1],
    ['id', 1, 1.5],
    ['id', '1', 1],
    [1, 1, 1],
    ['id', 1],
    {},
    null,
  ]
  const texts = forged.map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'))
  for (const text of ['', 'x', '%', ...texts])
    assert.throws(() => decodeConsistencyToken(text), refused, text)
  fc.assert(fc.property(fc.string(), (text) => assert.throws(() => decodeConsistencyToken(text), refused)))
})
