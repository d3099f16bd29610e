import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { metricsOf, serviceNames } from '../../scripts/docs/service-metrics.ts'

const folder = join(import.meta.dirname, 'dashboards')
const known = new Set(serviceNames.flatMap(metricsOf).map(({ name }) => name))

// A panel of failures shows 0 where there are none, also when its metric's name is wrong.
for (const file of globSync('*.json', { cwd: folder })) {
  test(`${file} asks for metrics that there are`, () => {
    const text = readFileSync(join(folder, file), 'utf8')
    for (const [name] of text.matchAll(/\b(thereview|kafka|http|nodejs|process)_\w+/g)) {
      const base = name.replace(/_(bucket|sum|count)$/, '')
      assert.ok(known.has(name) || known.has(base), name)
    }
  })
}
