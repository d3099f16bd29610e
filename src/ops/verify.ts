import { type Behind, countBehind, type Difference, findDifferences } from '../analytics/compare-store.ts'
import {
  createProjection,
  deriveDays,
  deriveStatistics,
  foldLog,
  readHead,
} from '../analytics/rebuild-store.ts'
import { inTransaction, type Pool } from '../platform/postgres/pool.ts'

/** How far the log has been read. */
export interface Progress {
  readonly position: number
  readonly head: number
}

/** How much of the log one statement folds. */
export const defaultRangeSize = 50_000

export interface VerifyOptions {
  readonly pool: Pool
  readonly onProgress: (progress: Progress) => void
  readonly rangeSize?: number
}

export interface Verification {
  readonly events: number
  /** How many entities differ from a recount of the log. */
  readonly drifting: number
  /** The first of them. */
  readonly differences: readonly Difference[]
  /** What the projection has not come to yet; no drift by itself. */
  readonly behind: Behind
}

/**
 * Counts every event of the log again and compares the live statistics with it, in one snapshot: each review as far
 * as the projection has come with it, so that a worker may be behind and go on meanwhile.
 */
export async function verifyAnalytics({
  pool,
  onProgress,
  rangeSize = defaultRangeSize,
}: VerifyOptions): Promise<Verification> {
  return inTransaction(pool, async (client) => {
    await client.query("set transaction isolation level repeatable read; set local work_mem = '64MB'")
    const head = await readHead(client)
    await createProjection(client, 'pg_temp')
    for (let position = 0; position < head; ) {
      const to = Math.min(position + rangeSize, head)
      await foldLog(client, 'pg_temp', { after: position, to, asFarAsLive: true })
      position = to
      onProgress({ position, head })
    }
    await deriveStatistics(client, 'pg_temp')
    await deriveDays(client, 'pg_temp')
    const { count, differences } = await findDifferences(client, 'pg_temp', 100)
    return { events: head, drifting: count, differences, behind: await countBehind(client) }
  })
}
