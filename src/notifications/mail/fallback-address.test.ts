import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { localPartOf } from './fallback-address.ts'

const examples = {
  'user-456': 'user-456',
  'ann.b_2': 'ann.b_2',
  'a@b': 'a=40b',
  'a..b': 'a=2E=2Eb',
  '.a': '=2Ea',
  'two words': 'two=20words',
  'x\r\nBcc: y@z': 'x=0D=0ABcc=3A=20y=40z',
  Zoë: 'Zo=C3=AB',
  'a=40b': 'a=3D40b',
  'a~b': 'a=7Eb',
}
for (const [userId, localPart] of Object.entries(examples)) {
  test(`${JSON.stringify(userId)} becomes ${localPart}`, () => assert.equal(localPartOf(userId), localPart))
}

const userIds = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom('a', '.', '=', '~', '@', ' ', '\n', 'é', '4', '0'),
    minLength: 1,
    maxLength: 120,
  }),
)

test('every user id becomes a dot-atom of at most 64 octets', () => {
  fc.assert(
    fc.property(userIds, (userId) => {
      const localPart = localPartOf(userId)
      assert.ok(localPart.length <= 64)
      assert.match(localPart, /^[A-Za-z0-9_=~-]+(\.[A-Za-z0-9_=~-]+)*$/)
    }),
  )
})

test('no two user ids share one', () => {
  fc.assert(
    fc.property(userIds, userIds, (one, other) => {
      fc.pre(one !== other)
      assert.notEqual(localPartOf(one), localPartOf(other))
    }),
  )
})

test('long ids that begin alike are kept apart', () => {
  const long = 'gid://shopify/Customer/'.padEnd(199, '7')
  assert.notEqual(localPartOf(`${long}1`), localPartOf(`${long}2`))
})
