import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { processNames } from '../../src/services/variables.ts'
import { metricsPage, metricsPageUrl } from './metrics-page.ts'
import { metricsOf, serviceNames } from './service-metrics.ts'

test('docs/metrics.md is what the code makes of it: `npm run docs:metrics`', () => {
  assert.equal(readFileSync(metricsPageUrl, 'utf8'), metricsPage())
})

test('every service is there', () => {
  assert.deepEqual(
    new Set(serviceNames),
    new Set(['every service', ...processNames.filter((name) => name !== 'prepare')]),
  )
})

test('every metric says what it is, and its name ends in its unit', () => {
  for (const { name, type, help } of serviceNames.slice(1).flatMap(metricsOf)) {
    assert.ok(help.length > 5, name)
    if (type === 'counter') assert.match(name, /_total$/)
    else assert.doesNotMatch(name, /_total$|_(ms|milliseconds)$/)
  }
})
