import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** This variable marks every process that a test file starts, directly or not. */
export const marker = 'THEREVIEW_TEST_RUN'

export interface Leftover {
  readonly pid: number
  readonly command: string
}

/**
 * Ends every process that the tests of this run left behind, and tells which: a test that does not end what it
 * started is a failure. Linux alone can tell; elsewhere it finds none.
 */
export async function endLeftovers(runId: string): Promise<Leftover[]> {
  const found = leftoversOf(runId)
  signal(found, 'SIGTERM')
  for (let waitedMs = 0; waitedMs < 10_000 && leftoversOf(runId).length > 0; waitedMs += 100) await pause(100)
  signal(leftoversOf(runId), 'SIGKILL')
  return found
}

function leftoversOf(runId: string): Leftover[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(`${marker}=${runId}`))
    .map((pid) => ({ pid, command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }))
}

function signal(processes: readonly Leftover[], name: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, name)
    } catch {
      // It has just ended by itself.
    }
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
