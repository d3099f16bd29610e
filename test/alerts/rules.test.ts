import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const folder = join(import.meta.dirname, '..', '..', 'deploy', 'prometheus')

test('Prometheus takes the rules and the configuration', () => {
  promtool('check', 'rules', join(folder, 'alerts.yml'))
  promtool('check', 'config', '--syntax-only', join(folder, 'prometheus.yml'))
})

test('each alert fires when it should, and no sooner', () => {
  promtool('test', 'rules', join(folder, 'alerts.test.yml'))
})

function promtool(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
}
