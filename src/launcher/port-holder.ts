import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readdir, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Part, Port } from './part.ts'
import { isFree } from './ports.ts'
import { commandLineOf } from './processes.ts'
import { StackError } from './stack-error.ts'

export type Holder = { pid: number; commandLine: string | undefined }

/** All taken ports at once, each with who holds it and what to do. */
export async function refuseTakenPorts(parts: readonly Part[]): Promise<void> {
  const problems: string[] = []
  for (const part of parts) {
    for (const port of part.ports) {
      if (!(await isFree(port.number)))
        problems.push(takenMessage(part.name, port, await holderOf(port.number)))
    }
  }
  if (problems.length === 1) throw new StackError(problems.join())
  if (problems.length > 1) throw new StackError(['Others hold ports of the stack.', ...problems].join('\n'))
}

export function takenMessage(part: string, port: Port, holder: Holder | undefined): string {
  const command = holder?.commandLine ? ` (${shortened(holder.commandLine)})` : ''
  const who = holder ? `process ${holder.pid}${command}` : 'a process that this user may not see'
  const other = port.base > 50_000 ? port.base - 10_000 : port.base + 10_000
  return (
    `Port ${port.number} for ${part} is taken by ${who}. ` +
    `End it, or choose another port: ${port.variable}=${other}`
  )
}

function shortened(commandLine: string): string {
  return commandLine.length > 80 ? `${commandLine.slice(0, 79)}…` : commandLine
}

async function holderOf(port: number): Promise<Holder | undefined> {
  const pid = process.platform === 'linux' ? await pidFromProc(port) : await pidFromLsof(port)
  return pid === undefined ? undefined : { pid, commandLine: commandLineOf(pid) }
}

async function pidFromLsof(port: number): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'])
    return Number(stdout.split('\n')[0]) || undefined
  } catch {
    return undefined
  }
}

async function pidFromProc(port: number): Promise<number | undefined> {
  const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listeningInodes(readTable(table), port)))
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
      if (inode !== undefined && inodes.has(inode)) return Number(pid)
    }
  }
  return undefined
}

function readTable(name: string): string {
  try {
    return readFileSync(`/proc/net/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/** Columns of /proc/net/tcp: number, local address:port in hex, remote, state (0A listens), …, inode as the tenth. */
export function listeningInodes(table: string, port: number): string[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local, , state]) => state === '0A' && Number.parseInt(local?.split(':')[1] ?? '', 16) === port,
    )
    .map((columns) => columns[9] ?? '')
}
