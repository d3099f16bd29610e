/**
 * What tracing costs: CPU per thousand reviews, from the request to the statistics, with tracing off, with the traces
 * that are recorded by default, and with all of them. Ratios of one run, since machines differ:
 *
 *     npm run bench:tracing -- [rounds]
 *
 * Every round runs each mode once, in turn, so that what else the machine does falls on all of them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { infrastructure } from '../../src/launcher/part.ts'
import { freePort } from '../../src/launcher/ports.ts'
import { startStack } from '../../src/launcher/stack.ts'
import { parseScrape, sumOf } from '../../src/ops/pipeline/prometheus-text.ts'
import { until } from '../../test/support/until.ts'
import { withoutAddresses } from '../../test/support/without-addresses.ts'

const modes = {
  off: { ZIPKIN_URL: '', TRACES_PER_SECOND: '0' },
  'by default': { TRACES_PER_SECOND: '20' },
  'every trace': { TRACES_PER_SECOND: '100000' },
} as const
type Mode = keyof typeof modes

const services = {
  api: 'API_PORT',
  relay: 'RELAY_PORT',
  'analytics-worker': 'ANALYTICS_WORKER_PORT',
} as const
const [warmUp, measured, atOnce] = [2_000, 6_000, 32]
const source = join(import.meta.dirname, '..', '..', 'src')
const rounds = Number(process.argv[2] ?? 4)

const home = await mkdtemp(join(tmpdir(), 'tracing-'))
const stack = await startStack({
  home,
  ports: 'free',
  parts: infrastructure,
  environment: withoutAddresses(process.env),
})
try {
  await run('cli/main.ts', ['prepare'], stack.addresses).ended
  const costs = new Map<Mode, number[]>()
  for (let round = 0; round < rounds; round += 1) {
    for (const [mode, variables] of Object.entries(modes) as [Mode, Record<string, string>][]) {
      const cost = await costOf({ ...stack.addresses, ...variables, LOG_LEVEL: 'warn' })
      costs.set(mode, [...(costs.get(mode) ?? []), cost])
      process.stderr.write(`round ${round + 1}, ${mode}: ${cost.toFixed(0)} ms\n`)
    }
  }
  const off = median(costs.get('off') ?? [])
  for (const [mode, values] of costs) {
    const middle = median(values)
    process.stdout.write(
      `${mode.padEnd(12)} ${middle.toFixed(0)} ms of CPU per 1,000 reviews, ${(middle / off).toFixed(2)} of off\n`,
    )
  }
} finally {
  await stack.stop()
  await rm(home, { recursive: true })
}

/** Milliseconds of CPU that the three services take for a thousand reviews, with all that follows from them. */
async function costOf(environment: Record<string, string>): Promise<number> {
  const running = await Promise.all(
    Object.entries(services).map(async ([name, variable]) => {
      const port = await freePort()
      const process = run(`services/${name}.ts`, [], { ...environment, [variable]: `${port}` })
      const url = `http://127.0.0.1:${port}`
      await until(`${name} is ready`, async () => (await fetch(`${url}/health/ready`)).ok, {
        timeoutMs: 30_000,
      })
      return { ...process, url }
    }),
  )
  const [api = '', relay = '', worker = ''] = running.map(({ url }) => url)
  const handled = 'thereview_consumer_events_total'
  const sum = async (url: string, metric: string) =>
    sumOf(parseScrape(await (await fetch(`${url}/metrics`)).text()), metric)
  const cpu = async () => {
    const seconds = await Promise.all(running.map(({ url }) => sum(url, 'process_cpu_seconds_total')))
    return seconds.reduce((total, one) => total + one, 0) * 1_000
  }
  const write = async (count: number) => {
    const before = await sum(worker, handled)
    await post(api, count)
    await until('all of it is handled', async () => (await sum(worker, handled)) >= before + count, {
      timeoutMs: 60_000,
      everyMs: 250,
    })
    await until(
      'all of it is published',
      async () => (await sum(relay, 'thereview_relay_backlog_events')) === 0,
    )
  }
  try {
    await write(warmUp)
    const before = await cpu()
    await write(measured)
    return ((await cpu()) - before) / (measured / 1_000)
  } finally {
    for (const { child } of running) child.kill('SIGTERM')
    await Promise.all(running.map(({ ended }) => ended))
  }
}

async function post(api: string, count: number): Promise<void> {
  const pool = new Pool(api, { connections: atOnce })
  let left = count
  const one = async () => {
    while (left > 0) {
      left -= 1
      const id = crypto.randomUUID()
      const body = JSON.stringify({
        entity_type: 'product',
        entity_id: `product-${left % 500}`,
        user_id: `user-${id}`,
        rating: 4.5,
        content: 'This is an amazing product! Highly recommended.',
      })
      const headers = { 'content-type': 'application/json' }
      const answer = await pool.request({ method: 'POST', path: '/api/v1/reviews', headers, body })
      await answer.body.dump()
      if (answer.statusCode !== 201) throw new Error(`a review was answered with ${answer.statusCode}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  await pool.close()
}

function run(file: string, args: readonly string[], environment: Record<string, string>) {
  const env = { ...withoutAddresses(process.env), ...environment }
  const child = spawn(process.execPath, [join(source, file), ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return { child, ended: once(child, 'exit') }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
