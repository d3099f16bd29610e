import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import type { LagHistory } from '../../src/ops/contract/groups.ts'
import { OwnStack } from '../support/own-stack.ts'
import { Prometheus } from '../support/prometheus.ts'
import { startSecondConsole } from '../support/second-console.ts'
import { until } from '../support/until.ts'

interface Dashboard {
  readonly uid: string
  readonly panels: readonly {
    readonly title: string
    readonly targets: readonly { readonly expr: string }[]
  }[]
}

const folder = join(import.meta.dirname, '..', '..', 'deploy', 'grafana', 'dashboards')
const dashboards: Dashboard[] = globSync('*.json', { cwd: folder }).map((file) => {
  const dashboard: Dashboard = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  assert.equal(dashboard.uid, `thereview-${basename(file, '.json')}`)
  return dashboard
})

let stack: OwnStack
let prometheus: Prometheus

before(async () => {
  stack = await OwnStack.start('dashboards')
  const lines = (await stack.thereview('env')).stdout.matchAll(/^export (\w+_PORT)='?(\d+)'?$/gm)
  const ports = new Map([...lines].map(([, name = '', port = '']) => [name, port]))
  const at = (name: string) => `127.0.0.1:${ports.get(name) ?? assert.fail(`no ${name}`)}`
  prometheus = await Prometheus.start({
    api: at('API_PORT'),
    relay: at('RELAY_PORT'),
    'notification-worker': at('NOTIFICATION_WORKER_PORT'),
    'analytics-worker': at('ANALYTICS_WORKER_PORT'),
    'cache-worker': at('CACHE_WORKER_PORT'),
    ops: at('EXPORTER_PORT'),
  })
  const load = await stack.thereview('load', '600', '--rate', '60')
  assert.equal(load.code, 0, load.stderr)
})
after(async () => {
  await prometheus?.stop()
  await stack?.stop()
})

for (const { uid, panels } of dashboards) {
  for (const { title, targets } of panels) {
    test(`${uid}: ${title} shows data`, async () => {
      for (const { expr } of targets) {
        const query = expr.replaceAll('$__rate_interval', '30s')
        await until(`${query} returns data`, async () => {
          const samples = await prometheus.query(query)
          return samples.length > 0 && samples.some(({ value }) => value[1] !== 'NaN')
        })
      }
    })
  }
}

test('the console reads the lag of the last hour from Prometheus: also what was before it started', async () => {
  const started = Date.now()
  const ops = await startSecondConsole(stack, { PROMETHEUS_URL: prometheus.url })
  try {
    const history = await until('the lag of before is told', async () => {
      const answer = await fetch(`${ops.url}/api/ops/v1/groups/analytics-service/lag`)
      const told = (await answer.json()) as LagHistory
      return told.points.some(({ at }) => Date.parse(at) < started) && told
    })
    assert.equal(history.problem, null)
    assert.equal(history.source, 'prometheus')
    assert.ok(history.points.every(({ lag, lag_seconds: seconds }) => lag >= 0 && seconds >= 0))
  } finally {
    await ops.stop()
  }
})
