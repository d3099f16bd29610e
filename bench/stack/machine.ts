import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'

export interface Machine {
  readonly cores: number
  readonly cpu: string
  readonly memory_gib: number
  readonly system: string
  readonly node: string
  /** How many processes wanted a core in the minute before the bench began: others' share of it. */
  readonly load_before: number
  /** Of the working copy; `+` where it holds changes. Null outside a clone. */
  readonly commit: string | null
}

/** A machine of which others have this much is not what is measured. */
const busy = 0.5

export const isBusy = ({ load_before }: Machine) => load_before >= busy

export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memory_gib: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.version,
    load_before: loadavg()[0] ?? 0,
    commit: commit(),
  }
}

function commit(): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: 'pipe' }).trim()
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '-uno') === '' ? '' : '+')
  } catch {
    return null
  }
}
