import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export type Lock = { release: () => void }

/**
 * One supervisor for a home. The lock is the kernel's own lock on a file, taken by way of SQLite, so it is gone
 * with its holder, however that one ends: nothing stale to judge. Undefined if somebody holds it.
 */
export function takeLock(file: string): Lock | undefined {
  const database = new DatabaseSync(file)
  try {
    chmodSync(file, 0o600)
    database.exec('pragma journal_mode = memory; begin exclusive')
    return { release: () => database.close() }
  } catch (error) {
    database.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined
    throw error
  }
}

const SQLITE_BUSY = 5
