import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/launcher/ports.ts'
import type { TestEnvironment } from './environment.ts'
import { until } from './until.ts'

/** The services that a test starts, with the variable that says where each one answers. */
const portVariables = {
  api: 'API_PORT',
  relay: 'RELAY_PORT',
  'analytics-worker': 'ANALYTICS_WORKER_PORT',
  'cache-worker': 'CACHE_WORKER_PORT',
} as const

export interface ServiceProcess {
  readonly url: string
  readonly child: ChildProcess
  /** Resolves with its exit code. */
  stop(): Promise<number | null>
}

/** Starts a service as the stack does, on a test's environment; resolves when it is ready. */
export async function startService(
  name: keyof typeof portVariables,
  environment: TestEnvironment,
  variables: Readonly<Record<string, string>> = {},
): Promise<ServiceProcess> {
  const port = await freePort()
  const child = spawn(process.execPath, [entryOf(name)], {
    env: {
      ...process.env,
      ...environment,
      LOG_LEVEL: 'error',
      ...variables,
      [portVariables[name]]: `${port}`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  const isReady = async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`)
    return (await fetch(`${url}/health/ready`)).ok
  }
  await until(`${name} is ready`, isReady, { timeoutMs: 60_000 })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    return child.exitCode
  }
  return { url, child, stop }
}

const entryOf = (name: string) => fileURLToPath(new URL(`../../src/services/${name}.ts`, import.meta.url))
