import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SectionResult } from '../figure.ts'
import { judge } from './targets.ts'

const results = (id: string, figures: Record<string, number | null>): SectionResult[] => [
  {
    letter: 'a',
    title: '',
    rows: [
      {
        id,
        label: '',
        figures: Object.entries(figures).map(([name, value]) => ({ name, value, unit: 'ms' })),
      },
    ],
  },
]
const verdictOf = (what: RegExp, measured: SectionResult[]) =>
  judge(measured).find((verdict) => what.test(verdict.what))

test('a figure meets its target, goes beyond, or does not', () => {
  const at500 = (p99: number) => verdictOf(/500\/s/, results('c.500', { p99 }))?.met
  assert.equal(at500(10.1), 'no')
  assert.equal(at500(10), 'yes')
  assert.equal(at500(5), 'beyond')
})

test('of several figures every one must keep its own limit', () => {
  const statistic = (p50: number, p99: number) =>
    verdictOf(/visible statistic/, results('e.statistic', { p50, p99 }))?.met
  assert.equal(statistic(2, 21), 'no')
  assert.equal(statistic(4, 9), 'yes')
  assert.equal(statistic(3, 10), 'beyond')
})

test('what was not measured is not judged', () => {
  assert.ok(judge([]).every(({ met }) => met === 'not measured'))
  assert.equal(verdictOf(/inbox/, results('e.mail', { p99: null }))?.met, 'not measured')
})

test('a ratio needs both of its rates', () => {
  const cached = results('f.stats-cached', { rate: 30_000 })
  assert.equal(verdictOf(/statistics read/, cached)?.met, 'not measured')
  assert.equal(verdictOf(/statistics read/, [...cached, ...results('a.echo', { rate: 60_000 })])?.met, 'yes')
})

test('memory is judged by the most that any section saw', () => {
  const growth = results('h.100000', { POST: 2_400, 'largest service': 350 })
  const afterwards = [
    ...results('i.largest', { memory: 190 }),
    ...results('i.kafka-1', { memory: 900 }),
    ...results('h.growth', { POST: 0.9 }),
  ]
  const largest = (measured: SectionResult[]) => verdictOf(/^memory/, measured)
  assert.deepEqual(largest([...growth, ...afterwards])?.measured, [{ value: 350, unit: 'MB' }])
  assert.equal(largest([...growth, ...afterwards])?.met, 'no')
  assert.equal(largest(afterwards)?.met, 'yes')
})

test('a target says its limits with their unit', () => {
  const { target, beyond } = verdictOf(/end to end/, []) ?? {}
  assert.equal(target, '≥ 6,000/s')
  assert.equal(beyond, '≥ 12,000/s')
})
