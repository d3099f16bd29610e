import { setTimeout as pause } from 'node:timers/promises'
import type { Entity } from '../contracts/cache-keys.ts'
import { isUuid } from '../contracts/uuid.ts'
import type { WriteMark } from '../platform/consistency-token.ts'
import type { Queryable } from '../platform/postgres/pool.ts'
import { revisionWith } from './statistics-store.ts'

const patienceMs = 500

/**
 * Waits until the statistics hold a write. Returns the entity's revision at that moment, which nothing that is older
 * may answer; null when the write is still missing after half a second.
 */
export async function waitForWrite(db: Queryable, entity: Entity, write: WriteMark): Promise<number | null> {
  // Some other write, of which statistics know nothing.
  if (!isUuid(write.aggregateId.toLowerCase())) return 0
  const deadline = performance.now() + patienceMs
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 32)) {
    const revision = await revisionWith(db, entity, write.aggregateId, write.version)
    if (revision !== null) return revision
    if (performance.now() + pauseMs > deadline) return null
    await pause(pauseMs)
  }
}
