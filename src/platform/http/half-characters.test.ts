import assert from 'node:assert/strict'
import { test } from 'node:test'
import { halfCharacters } from './half-characters.ts'

const pointersOf = (value: unknown) => halfCharacters(value).map(({ pointer }) => pointer)

test('half characters are found wherever they are, and whole ones pass', () => {
  assert.deepEqual(pointersOf({ a: 'x', b: ['😀', 1, null, true], c: {} }), [])
  assert.deepEqual(pointersOf({ a: '\ud83d', b: [{ c: 'x' }, { c: 'x\ude00y' }] }), ['/a', '/b/1/c'])
})

test('depth is no danger', () => {
  const deep = JSON.parse(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)
  assert.deepEqual(pointersOf(deep), [])
})
