import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** A process, told from a later one with the same pid by when it started. */
export type ProcessRecord = { pid: number; identity: string }

/**
 * What a running stack leaves on disk for others: whom to ask, and which processes to end if the supervisor is
 * killed and cannot end them itself.
 */
export type RunRecord = {
  supervisor: ProcessRecord
  startedAt: string
  processes: Record<string, ProcessRecord & { signal: NodeJS.Signals }>
}

export function readRunRecord(file: string): RunRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunRecord
  } catch {
    return undefined
  }
}

/** Synchronous, and whole or not at all: a process that is not on record when we are killed is an orphan for good. */
export function writeRunRecord(file: string, record: RunRecord): void {
  writeFileSync(`${file}.new`, JSON.stringify(record, null, 2), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

export function removeRunRecord(file: string): void {
  rmSync(file, { force: true })
}
