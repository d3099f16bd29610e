import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerText, sizeOf } from './records.ts'

const header = (name: string, value: string | null) =>
  [Buffer.from(name), value === null ? null : Buffer.from(value)] as const

test('of a header that comes several times the last holds, as in the Java client', () => {
  const headers = [header('a', '1'), header('b', 'x'), header('a', '2')]
  assert.equal(headerText(headers, 'a'), '2')
  assert.equal(headerText(headers, 'c'), null)
  assert.equal(headerText([header('a', null)], 'a'), null)
})

test('a size counts bytes, not characters', () => {
  const small = sizeOf({ key: null, value: 'é'.repeat(100), headers: {} })
  assert.ok(small >= 200 && small < 300, `${small}`)
  const pairs = sizeOf({ key: 'k', value: null, headers: [['name', Buffer.alloc(50)]] })
  assert.ok(pairs >= 55 && pairs < 150, `${pairs}`)
})
