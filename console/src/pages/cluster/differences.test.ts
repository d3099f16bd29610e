import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differences } from './differences.ts'

const short = (before: string, after: string) =>
  differences(before, after).map(
    ({ kind, text }) => `${kind === 'same' ? ' ' : kind === 'added' ? '+' : '-'}${text}`,
  )

test('what is the same stays, what came and went is told', () =>
  assert.deepEqual(short('a\nb\nc', 'a\nx\nc'), [' a', '-b', '+x', ' c']))

test('two that are the same have no difference', () => assert.deepEqual(short('a\nb', 'a\nb'), [' a', ' b']))

test('what was added at the end is told there', () => assert.deepEqual(short('a', 'a\nb'), [' a', '+b']))
