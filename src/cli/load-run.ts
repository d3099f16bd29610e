import { randomBytes } from 'node:crypto'
import { styleText } from 'node:util'
import { type LoadReport, runLoad } from '../ops/load.ts'
import { LoadClient } from '../ops/load-client.ts'
import { readConfig } from '../platform/config.ts'
import { ProgressBar } from './progress-bar.ts'
import { stackEnvironment } from './stack-environment.ts'

export interface LoadFlags {
  readonly entities: number
  readonly connections: number
  readonly rate?: number
  readonly timeout: number
  readonly api?: string
  readonly json?: true
}

/** Runs the load and prints its report. Returns the exit code. */
export async function runLoadCommand(reviews: number, flags: LoadFlags): Promise<number> {
  const apiUrl = flags.api ?? (await localApi())
  const client = new LoadClient(apiUrl, flags.connections)
  const bar = new ProgressBar(process.stderr)
  try {
    await client.reach()
    const report = await runLoad(client, {
      runId: randomBytes(4).toString('hex'),
      reviews,
      entities: Math.min(flags.entities, reviews),
      connections: flags.connections,
      ratePerSecond: flags.rate ?? null,
      agreementTimeoutMs: flags.timeout * 1_000,
      onPosted: (done) => bar.show('posted', done, reviews),
      onAgreed: (agreed, entities) => bar.show('statistics agree', agreed, entities),
    })
    bar.end()
    process.stdout.write(flags.json ? `${JSON.stringify(report, null, 2)}\n` : loadText(report))
    return report.failed === 0 && report.agreed_after_seconds !== null ? 0 : 1
  } finally {
    bar.end()
    await client.close()
  }
}

async function localApi(): Promise<string> {
  const { API_PORT } = readConfig(['API_PORT'], await stackEnvironment())
  return `http://127.0.0.1:${API_PORT}`
}

export function loadText(report: LoadReport): string {
  const { accepted, failed, retried, entities, latency_ms: latency } = report
  const number = (value: number) => value.toLocaleString('en')
  const agreement =
    report.agreed_after_seconds === null
      ? styleText('red', `${number(report.entities_agreed)} of ${number(entities)} agree with the count`)
      : `all ${number(entities)} agree with the count, ${report.agreed_after_seconds} s after the last answer`
  const lines = [
    [
      'accepted',
      `${number(accepted)} in ${report.seconds} s, ${number(report.accepted_per_second)} a second`,
    ],
    ['latency', `p50 ${latency.p50} ms, p99 ${latency.p99} ms, longest ${latency.max} ms`],
    ['statistics', agreement],
    ...(retried > 0 ? [['retried', number(retried)]] : []),
    ...(failed > 0
      ? [['failed', styleText('red', `${number(failed)}; the first: ${report.first_failure}`)]]
      : []),
    ['run', `load-${report.run_id}, the prefix of its users and products`],
  ] as const
  return lines.map(([name, text]) => `${(name ?? '').padEnd(12)}${text}\n`).join('')
}
