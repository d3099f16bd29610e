import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { tailOf } from './log-files.ts'
import { endGroup, start } from './processes.ts'
import { StackError } from './stack-error.ts'

const cli = join(import.meta.dirname, '..', 'cli', 'main.ts')

/**
 * Migrates the database, creates topics, registers schemas: `thereview prepare`, as a process of its own, between
 * the infrastructure and the services. It changes nothing when nothing is to do.
 */
export async function prepare(
  environment: NodeJS.ProcessEnv,
  logFile: string,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return
  rmSync(logFile, { force: true })
  const child = start(
    { file: process.execPath, args: [cli, 'prepare'] },
    { environment, logFile, niceness: 0 },
  )
  const end = () => child.pid !== undefined && endGroup(child.pid, 'SIGTERM', 2_000)
  signal.addEventListener('abort', end)
  const [code] = await once(child, 'exit')
  signal.removeEventListener('abort', end)
  if (code === 0 || signal.aborted) return
  throw new StackError(
    `Database, topics and schemas could not be prepared:\n${tailOf(logFile, 15)}\n(all of it: ${logFile})`,
  )
}
