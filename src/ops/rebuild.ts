import { catchUp } from '../analytics/catch-up.ts'
import { type Difference, findDifferences } from '../analytics/compare-store.ts'
import {
  carryRevisions,
  createProjection,
  deriveDays,
  deriveStatistics,
  dropProjection,
  foldLog,
  holdWriters,
  readHead,
  takeThePlace,
} from '../analytics/rebuild-store.ts'
import type { Entity } from '../contracts/cache-keys.ts'
import { audited } from '../platform/audit/audited.ts'
import { AppError } from '../platform/errors.ts'
import { inTransaction, type Pool } from '../platform/postgres/pool.ts'
import { defaultRangeSize, type Progress } from './verify.ts'

export interface Rebuild {
  readonly events: number
  /** How many entities the live projection had otherwise. */
  readonly drifting: number
  /** The first of them. */
  readonly differences: readonly Difference[]
  /** How long writers waited for the switch; readers waited for a part of it. */
  readonly switch_ms: number
}

/** Postgres folds each in a process of its own. */
const shares = 2
/** Few enough that what is left is caught up with while writers wait. */
const nearHead = 2_000

export interface RebuildOptions {
  readonly pool: Pool
  /** Who wants it, for the audit. */
  readonly actor: string
  /** Told of every entity whose statistics change with the switch, so that nothing older stays cached. */
  readonly fence: (entities: readonly (Entity & { revision: number })[]) => Promise<void>
  readonly onProgress: (progress: Progress) => void
  readonly rangeSize?: number
}

/**
 * Builds the statistics anew from the log beside the live ones, compares, and puts them in their place. Workers go
 * on all the while: what they apply meanwhile is in the log too, and what they have yet to apply is a repeat then.
 */
export async function rebuildAnalytics(options: RebuildOptions): Promise<Rebuild> {
  const { pool, actor, fence } = options
  return alone(pool, async () => {
    await createProjection(pool, 'analytics_rebuild')
    try {
      let position = await foldWholeLog(options)
      await Promise.all([deriveStatistics(pool, 'analytics_rebuild'), deriveDays(pool, 'analytics_rebuild')])

      const compared = await inTransaction(pool, async (client) => {
        await client.query("set transaction isolation level repeatable read; set local work_mem = '64MB'")
        position = await catchUp(client, 'analytics_rebuild', position)
        return findDifferences(client, 'analytics_rebuild', 100)
      })

      position = await catchUp(pool, 'analytics_rebuild', position)
      const details = { events: position, drifting: compared.count }
      const act = { actor, action: 'statistics.rebuilt', target: 'analytics', details }
      const began = performance.now()
      const changed = await audited(pool, act, () =>
        inTransaction(pool, async (client) => {
          await holdWriters(client)
          position = await catchUp(client, 'analytics_rebuild', position)
          const entities = await carryRevisions(client)
          await takeThePlace(client)
          return entities
        }),
      )
      const switch_ms = performance.now() - began
      await fence(changed)
      return { events: position, drifting: compared.count, differences: compared.differences, switch_ms }
    } catch (error) {
      await dropProjection(pool, 'analytics_rebuild').catch(() => undefined)
      throw error
    }
  })
}

/** Folds the log to near its head, which moves on meanwhile. Returns the position that was reached. */
async function foldWholeLog({
  pool,
  onProgress,
  rangeSize = defaultRangeSize,
}: RebuildOptions): Promise<number> {
  let position = 0
  let head = await readHead(pool)
  do {
    const to = Math.min(position + rangeSize, head)
    const range = { after: position, to }
    await Promise.all(
      Array.from({ length: shares }, (_, nth) =>
        foldLog(pool, 'analytics_rebuild', { ...range, share: { of: shares, nth } }),
      ),
    )
    position = to
    head = await readHead(pool)
    onProgress({ position, head })
  } while (head - position > nearHead)
  return position
}

/** One rebuild at a time. */
async function alone<T>(pool: Pool, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ got: boolean }>(
      "select pg_try_advisory_lock(hashtext('thereview.rebuild.analytics')) as got",
    )
    if (!rows[0]?.got) {
      throw new AppError('rebuild_under_way', 'fatal', 'another rebuild of the statistics is under way')
    }
    return await work()
  } finally {
    // A lock that cannot be given back goes with its connection.
    await client.query('select pg_advisory_unlock_all()').then(
      () => client.release(),
      (error) => client.release(error),
    )
  }
}
