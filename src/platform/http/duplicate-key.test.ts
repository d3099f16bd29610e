import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { duplicateKey } from './duplicate-key.ts'

const duplicates: [json: string, key: string | null][] = [
  ['{"a":1,"a":2}', 'a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"a":{"b":1,"b":2}}', 'b'],
  ['[{"x":1},{"y":[{"z":1,"z":1}]}]', 'z'],
  ['{ "a" : "b" , "b" : "a" , "c" : ["a", "a"], "a" : 1 }', 'a'],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ['{"a":"a","b":"a"}', null],
  ['{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}', null],
  ['{"a":"\\"a\\":1,","b":"{\\\\"}', null],
  ['{"":1,"a":[]}', null],
  ['"a"', null],
  ['1', null],
  ['[]', null],
]
for (const [json, key] of duplicates) {
  test(`${json} has ${key === null ? 'no key' : key} twice`, () => assert.equal(duplicateKey(json), key))
}

test('what a JSON writer writes has no key twice', () => {
  fc.assert(fc.property(fc.json(), (json) => duplicateKey(JSON.stringify(JSON.parse(json))) === null))
})

test('depth is no danger', () => {
  const depth = 30_000
  assert.equal(duplicateKey(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`), null)
})
