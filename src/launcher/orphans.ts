import type { Home } from './home.ts'
import { takeLock } from './lock.ts'
import { isInfrastructure } from './part.ts'
import { endGroup, identityOf } from './processes.ts'
import { type RunRecord, readRunRecord, removeRunRecord } from './run-record.ts'

export type Orphan = { name: string; pid: number; signal: NodeJS.Signals }

/** What a killed supervisor left running: of those on record, the ones that are still the same process. */
export function orphansOf(
  record: RunRecord | undefined,
  identity: (pid: number) => string | undefined = identityOf,
): Orphan[] {
  return Object.entries(record?.processes ?? {})
    .map(([name, process]) => ({ name, ...process }))
    .filter((process) => identity(process.pid) === process.identity)
}

/** Ends them as a stop would have: services first, each with time to finish. */
export async function endOrphans(orphans: readonly Orphan[]): Promise<void> {
  const end = ({ pid, signal }: Orphan) => endGroup(pid, signal, 6_000)
  await Promise.all(orphans.filter(({ name }) => !isInfrastructure(name)).map(end))
  await Promise.all(orphans.filter(({ name }) => isInfrastructure(name)).map(end))
}

/** For a home without a supervisor. Gives the names of what was still running, or undefined if one is at work. */
export async function clearLeftovers(home: Home): Promise<string[] | undefined> {
  const lock = takeLock(home.lockFile)
  if (!lock) return undefined
  try {
    const orphans = orphansOf(readRunRecord(home.runFile))
    await endOrphans(orphans)
    removeRunRecord(home.runFile)
    return orphans.map(({ name }) => name)
  } finally {
    lock.release()
  }
}
