import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayOf, rangeOf, toSeries } from './time-series.ts'

const now = new Date('2026-11-23T10:30:00.000Z')

function days(query: { from?: string; to?: string }) {
  const range = rangeOf(query, now)
  return 'bound' in range ? range.bound : [dayOf(range.from), dayOf(range.to)]
}

const ranges: [what: string, query: { from?: string; to?: string }, expected: string | string[]][] = [
  ['the last thirty days, today included', {}, ['2026-10-25', '2026-11-24']],
  ['from a day until today', { from: '2026-11-20' }, ['2026-11-20', '2026-11-24']],
  ['thirty days before a day', { to: '2026-11-01' }, ['2026-10-02', '2026-11-01']],
  ['two days, the end not included', { from: '2026-02-28', to: '2026-03-02' }, ['2026-02-28', '2026-03-02']],
  [
    'times, widened to whole days of UTC',
    { from: '2026-11-20T23:30:00-02:00', to: '2026-11-22T00:00:00.001Z' },
    ['2026-11-21', '2026-11-23'],
  ],
  ['nothing', { from: '2026-11-20', to: '2026-11-20' }, ['2026-11-20', '2026-11-20']],
  ['a leap year', { from: '2024-01-01', to: '2025-01-01' }, ['2024-01-01', '2025-01-01']],
  ['refused: too long', { from: '2024-01-01', to: '2025-01-02' }, 'from'],
  ['refused: backwards', { from: '2026-11-21', to: '2026-11-20' }, 'from'],
  ['refused: after today', { from: '2027-01-01' }, 'from'],
  ['refused: no day', { from: 'yesterday' }, 'from'],
  ['refused: a day that does not exist', { from: '2026-02-01', to: '2026-02-30' }, 'to'],
  ['refused: a time without a zone', { to: '2026-11-20T10:00:00' }, 'to'],
  ['refused: a year that no database holds', { from: '0000-01-01', to: '0000-01-02' }, 'from'],
  ['refused: empty', { from: '' }, 'from'],
]

for (const [what, query, expected] of ranges) {
  test(`${JSON.stringify(query)} is ${what}`, () => assert.deepEqual(days(query), expected))
}

test('a series has every day of its range, also across a change of summer time', () => {
  const range = { from: Date.parse('2026-03-28'), to: Date.parse('2026-03-31') }
  assert.deepEqual(toSeries(range, [{ day: '2026-03-29', count: 3, halves: 26, views: 7 }]), [
    { start: '2026-03-28T00:00:00.000Z', count: 0, average: 0, views: 0 },
    { start: '2026-03-29T00:00:00.000Z', count: 3, average: 4.33, views: 7 },
    { start: '2026-03-30T00:00:00.000Z', count: 0, average: 0, views: 0 },
  ])
})
