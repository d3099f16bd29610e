import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Row } from '../figure.ts'
import { changeBetween } from './growth.ts'

const rowOf = (post: number, lists: number | null, megabytes: number): Row => ({
  id: '',
  label: '',
  figures: [
    { name: 'POST', value: post, unit: '/s' },
    { name: 'lists', value: lists, unit: '/s' },
    { name: 'largest service', value: megabytes, unit: 'MB' },
  ],
})

test('rates are set against each other, and the worst is named; memory is no rate', () => {
  assert.deepEqual(changeBetween(rowOf(4_000, 1_000, 100), rowOf(3_000, 1_100, 300)), [
    { name: 'POST', value: 0.75, unit: '×' },
    { name: 'lists', value: 1.1, unit: '×' },
    { name: 'worst', value: 0.75, unit: '×' },
  ])
})

test('a rate that was not had is left out of the worst', () => {
  assert.equal(changeBetween(rowOf(1, null, 1), rowOf(2, 1, 1)).at(-1)?.value, 2)
})
