import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../src/launcher/ports.ts'
import { until } from './until.ts'

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [time: number, value: string]
}

/** A real Prometheus that scrapes every second. */
export class Prometheus {
  readonly #process: ChildProcess
  readonly #folder: string
  readonly url: string

  private constructor(process: ChildProcess, folder: string, url: string) {
    this.#process = process
    this.#folder = folder
    this.url = url
  }

  /** @param targets the address of each service, by its name */
  static async start(targets: Readonly<Record<string, string>>): Promise<Prometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'prometheus-'))
    const config = {
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [
        {
          job_name: 'thereview',
          static_configs: Object.entries(targets).map(([service, address]) => ({
            targets: [address],
            labels: { service },
          })),
        },
      ],
    }
    // JSON is YAML too.
    await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config))
    const address = `127.0.0.1:${await freePort()}`
    const args = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ]
    const child = spawn('prometheus', args, { stdio: 'ignore' })
    const prometheus = new Prometheus(child, folder, `http://${address}`)
    await until('prometheus is ready', async () => (await fetch(`http://${address}/-/ready`)).ok, {
      timeoutMs: 30_000,
    })
    return prometheus
  }

  /** @throws when Prometheus does not understand the expression */
  async query(expression: string): Promise<readonly Sample[]> {
    const response = await fetch(`${this.url}/api/v1/query?${new URLSearchParams({ query: expression })}`)
    const { data, error }: { data?: { result: Sample[] }; error?: string } = JSON.parse(await response.text())
    if (!data) throw new Error(`${expression}: ${error}`)
    return data.result
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGTERM')
    await ended
    await rm(this.#folder, { recursive: true })
  }
}
