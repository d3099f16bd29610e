import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatFigure, formatValue } from './format.ts'

test('a number has as many digits as say something', () => {
  assert.equal(formatValue(12_345.6, '/s'), '12,346/s')
  assert.equal(formatValue(12.345, 'ms'), '12.3 ms')
  assert.equal(formatValue(1.2345, 'ms'), '1.23 ms')
  assert.equal(formatValue(0.01234, 's'), '0.012 s')
  assert.equal(formatValue(0.4, '×'), '0.4 ×')
  assert.equal(formatValue(3, ''), '3')
  assert.equal(formatValue(2.5, '%'), '2.5%')
})

test('what could not be measured is a dash', () => {
  assert.equal(formatFigure({ name: 'p50', value: null, unit: 'ms' }), 'p50 –')
  assert.equal(formatFigure({ name: 'p50', value: 2, unit: 'ms' }), 'p50 2 ms')
})
