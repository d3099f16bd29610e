import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Type } from 'typebox'
import { parseQueryString, readNumbers } from './query-string.ts'

const queries: [text: string, query: Record<string, unknown>][] = [
  ['', {}],
  ['a=1&b=2', { a: '1', b: '2' }],
  ['&a=1&&b=2&', { a: '1', b: '2' }],
  ['=', { '': '' }],
  ['a', { a: '' }],
  ['a=', { a: '' }],
  ['a=b=c', { a: 'b=c' }],
  ['a=1+2%2B3', { a: '1 2+3' }],
  ['gid=gid%3A%2F%2Fshopify%2FProduct%2F1', { gid: 'gid://shopify/Product/1' }],
  ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
  ['a=%ff', { a: null }],
  ['a=%', { a: null }],
]
for (const [text, query] of queries) {
  test(`?${text} is ${JSON.stringify(query)}`, () => assert.deepEqual({ ...parseQueryString(text) }, query))
}

test('what is encoded comes back, and no name reaches a prototype', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const query = parseQueryString(`__proto__=${encodeURIComponent(value)}`)
      assert.deepEqual(Object.entries(query), [['__proto__', value]])
    }),
  )
  assert.equal(({} as Record<string, unknown>).value, undefined)
})

test('a name that is given ever again takes a time in proportion to the query', () => {
  const began = performance.now()
  assert.equal(parseQueryString('a&'.repeat(200_000)).a?.length, 200_000)
  assert.ok(performance.now() - began < 2_000)
})

const schema = Type.Object({ limit: Type.Integer(), rating: Type.Number(), name: Type.String() })
const numbers: [text: string, read: unknown][] = [
  ['5', 5],
  ['4.5', 4.5],
  ['5.0', 5],
  ['0', 0],
  ['-1', -1],
  ['05', '05'],
  ['.5', '.5'],
  ['5.', '5.'],
  ['+5', '+5'],
  ['1e1', '1e1'],
  ['0x10', '0x10'],
  [' 5', ' 5'],
  ['5 ', '5 '],
  ['', ''],
  ['Infinity', 'Infinity'],
  ['NaN', 'NaN'],
]
for (const [text, read] of numbers) {
  test(`"${text}" is ${typeof read === 'number' ? 'the number' : 'no number but'} ${read}`, () => {
    assert.deepEqual(readNumbers(schema, { limit: text, rating: text, name: text }), {
      limit: read,
      rating: read,
      name: text,
    })
  })
}
