import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Command } from './part.ts'
import { StackError } from './stack-error.ts'

const run = promisify(execFile)

/**
 * Starts a process in a group of its own, so that a Ctrl-C meant for the stack reaches only us, and its
 * children end with it. Output goes to the log file itself: it goes on if we die.
 */
export function start(
  command: Command,
  { environment, logFile, niceness }: { environment: NodeJS.ProcessEnv; logFile: string; niceness: number },
): ChildProcess {
  const log = openSync(logFile, 'a', 0o600)
  try {
    const child = spawn(command.file, command.args, {
      env: { ...environment, ...command.env },
      detached: true,
      stdio: [command.input === undefined ? 'ignore' : 'pipe', log, log],
      ...(command.cwd !== undefined && { cwd: command.cwd }),
      ...(command.uid !== undefined && { uid: command.uid }),
      ...(command.gid !== undefined && { gid: command.gid }),
    })
    // A process that ends before it has read its input says why in its log.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(command.input)
    if (niceness > 0 && child.pid !== undefined) letOthersFirst(child.pid, niceness)
    return child
  } finally {
    closeSync(log)
  }
}

/**
 * Lets a process have the processor after the others. A group of processes of its own, as ours have, has a niceness of
 * its own under Linux where the kernel groups by session (`sched(7)`, autogroup). Where there is no such thing, or it
 * is not allowed, the process is as urgent as any.
 */
function letOthersFirst(pid: number, niceness: number): void {
  for (const lower of [
    () => setPriority(pid, niceness),
    () => writeFileSync(`/proc/${pid}/autogroup`, `${niceness}`),
  ]) {
    try {
      lower()
    } catch {
      // It runs all the same.
    }
  }
}

/** Runs a short tool; its output is the error's message if it fails. */
export async function runToEnd(command: Command): Promise<void> {
  const { file, args, input: _, ...options } = command
  try {
    await run(file, args, options)
  } catch (cause) {
    const output = cause instanceof Error && 'stderr' in cause ? `${cause.stderr}`.trim() : ''
    const lines = (output || String(cause)).split('\n').slice(-5).join('\n  ')
    throw new StackError(`${file} failed:\n  ${lines}`, { cause })
  }
}

/**
 * Tells one process from a later one that was given the same id: when it started, as the kernel counts.
 * Undefined if there is no such process.
 */
export function identityOf(pid: number): string | undefined {
  if (!isLinux) return ps(pid, 'lstart')
  const boot = readProc('sys/kernel/random/boot_id')
  // The second field is the name in brackets, and may hold spaces and brackets itself.
  const stat = readProc(`${pid}/stat`)
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return stat === '' || state === 'Z' ? undefined : `${boot.trim()}/${rest[18]}`
}

/** Resident memory in bytes. */
export function memoryOf(pid: number): number | undefined {
  const kilobytes = isLinux ? /^VmRSS:\s+(\d+) kB/m.exec(readProc(`${pid}/status`))?.[1] : ps(pid, 'rss')
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

export function commandLineOf(pid: number): string | undefined {
  if (!isLinux) return ps(pid, 'args')
  return readProc(`${pid}/cmdline`).replaceAll('\0', ' ').trim() || undefined
}

/** Linux tells by files, so that it works where no `ps` is installed; elsewhere `ps` is part of the system. */
const isLinux = process.platform === 'linux'

function readProc(path: string): string {
  try {
    return readFileSync(join('/proc', path), 'utf8')
  } catch {
    return ''
  }
}

function ps(pid: number, field: string): string | undefined {
  try {
    return execFileSync('ps', ['-o', `${field}=`, '-p', `${pid}`], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}

/** Signals a process and all that it started. False if there is nobody left. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

/**
 * Asks a process group to end, and ends it after the deadline. Resolves when nobody of it is left, or, where
 * nobody collects the dead, a while after they were ended.
 */
export async function endGroup(pid: number, signal: NodeJS.Signals, deadlineMs: number): Promise<void> {
  const deadline = Date.now() + deadlineMs
  signalGroup(pid, signal)
  while (signalGroup(pid, 0) && Date.now() < deadline + 3_000) {
    if (Date.now() > deadline) signalGroup(pid, 'SIGKILL')
    await sleep(50)
  }
}
