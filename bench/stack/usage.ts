import { readdirSync, readFileSync } from 'node:fs'

/** What a part has used so far, its children included. */
export interface PartUsage {
  readonly cpuSeconds: number
  /** Memory that is resident; what its processes share is counted once (PSS). */
  readonly memoryBytes: number
}

/** How many a second the kernel counts CPU in, on every Linux that Node runs on (`getconf CLK_TCK`). */
const ticksPerSecond = 100

export const canMeasureUsage = process.platform === 'linux'

interface ProcessTicks {
  readonly parent: number
  readonly own: number
  /** Of children that have ended. */
  readonly ended: number
}

/** Reads it for processes and all that they started. */
export function usageOf(pids: ReadonlyMap<string, number>): Map<string, PartUsage> {
  const processes = readProcesses()
  const children = Map.groupBy(processes.keys(), (pid) => processes.get(pid)?.parent ?? 0)
  const treeOf = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(treeOf)]
  return new Map(
    [...pids].map(([name, root]) => {
      const tree = treeOf(root)
      const ticks = tree.reduce((sum, pid) => {
        const one = processes.get(pid)
        return sum + (one ? one.own + one.ended : 0)
      }, 0)
      const memoryBytes = tree.reduce((sum, pid) => sum + residentOf(pid, tree.length > 1), 0)
      return [name, { cpuSeconds: ticks / ticksPerSecond, memoryBytes }]
    }),
  )
}

function readProcesses(): Map<number, ProcessTicks> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return new Map(
    pids.flatMap((pid) => {
      const ticks = parseStat(readProc(`${pid}/stat`))
      return ticks ? [[Number(pid), ticks] as const] : []
    }),
  )
}

/** `/proc/<pid>/stat`: see proc_pid_stat(5). Null for a process that has ended meanwhile. */
export function parseStat(stat: string): ProcessTicks | null {
  // The second field is the name in brackets, and may hold spaces and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [parent, user, system, endedUser, endedSystem] = [1, 11, 12, 13, 14].map((n) => Number(fields[n]))
  if (stat === '' || parent === undefined) return null
  return {
    parent,
    own: (user ?? 0) + (system ?? 0),
    ended: (endedUser ?? 0) + (endedSystem ?? 0),
  }
}

function residentOf(pid: number, shared: boolean): number {
  const kilobytes = shared
    ? /^Pss:\s+(\d+) kB/m.exec(readProc(`${pid}/smaps_rollup`))?.[1]
    : /^VmRSS:\s+(\d+) kB/m.exec(readProc(`${pid}/status`))?.[1]
  return Number(kilobytes ?? 0) * 1_024
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return ''
  }
}
