import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { metricsOf, serviceNames } from '../../scripts/docs/service-metrics.ts'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly annotations: { readonly summary: string; readonly runbook_url: string }
}

interface Case {
  readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[]
}

const root = join(import.meta.dirname, '..', '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const { groups }: { groups: { rules: Rule[] }[] } = parse(read('deploy/prometheus/alerts.yml'))
const rules = groups.flatMap((group) => group.rules)

test('every alert names a section of the runbook that exists', () => {
  const anchors = [...read('docs/runbook.md').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    anchorOf(title),
  )
  for (const { alert, annotations } of rules) {
    const [page, anchor = ''] = annotations.runbook_url.split('#')
    assert.equal(page, 'docs/runbook.md')
    assert.ok(anchors.includes(anchor), `${alert}: #${anchor}`)
  }
})

test('every alert asks for metrics that there are', () => {
  const known = new Set(serviceNames.flatMap(metricsOf).map(({ name }) => name))
  for (const { alert, expr } of rules) {
    for (const [name] of expr.matchAll(/\b(thereview|kafka)_\w+/g))
      assert.ok(known.has(name), `${alert}: ${name}`)
  }
})

test('every alert is tested: that it fires, and that it does not', () => {
  const { tests }: { tests: Case[] } = parse(read('deploy/prometheus/alerts.test.yml'))
  const cases = tests.flatMap((one) => one.alert_rule_test)
  for (const { alert } of rules) {
    const expected = cases
      .filter(({ alertname }) => alertname === alert)
      .map((one) => one.exp_alerts.length > 0)
    assert.deepEqual(new Set(expected), new Set([true, false]), alert)
  }
})

/** As GitHub makes it. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replace(/\s/g, '-')
}
