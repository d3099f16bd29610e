import { endGroup, identityOf } from './processes.ts'
import type { RunRecord } from './run-record.ts'

/**
 * Ends what a killed supervisor left running: only those on record that are still the same process. All at
 * once, with time to write their data down. Gives the names of those that it ended.
 */
export async function endOrphans(record: RunRecord): Promise<string[]> {
  const orphans = orphansIn(record, identityOf)
  await Promise.all(orphans.map(({ pid }) => endGroup(pid, 'SIGTERM', 6_000)))
  return orphans.map(({ name }) => name)
}

export function orphansIn(record: RunRecord, identity: (pid: number) => string | undefined) {
  return Object.entries(record.processes)
    .map(([name, process]) => ({ name, ...process }))
    .filter((process) => identity(process.pid) === process.identity)
}
