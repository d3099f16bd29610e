import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/launcher/ports.ts'
import type { OwnStack } from './own-stack.ts'
import { until } from './until.ts'

const entry = fileURLToPath(new URL('../../src/services/ops.ts', import.meta.url))

/** One more ops service beside a stack's own, configured otherwise. Resolves when it is ready. */
export async function startSecondConsole(
  stack: OwnStack,
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const lines = (await stack.thereview('env')).stdout.matchAll(/^export (\w+)='?(.*?)'?$/gm)
  const [port, exporterPort] = [await freePort(), await freePort()]
  const child = spawn(process.execPath, [entry], {
    env: {
      ...process.env,
      ...Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value])),
      LOG_LEVEL: 'error',
      CONSOLE_PORT: `${port}`,
      EXPORTER_PORT: `${exporterPort}`,
      ...variables,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const stop = async () => {
    if (hasEnded()) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  const isOver = async () => hasEnded() || (await fetch(`http://127.0.0.1:${exporterPort}/health/ready`)).ok
  try {
    await until('the second console is ready', isOver, { timeoutMs: 60_000 })
    if (hasEnded()) throw new Error(`ops ended with ${child.exitCode ?? child.signalCode}`)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `http://127.0.0.1:${port}`, stop }
}
