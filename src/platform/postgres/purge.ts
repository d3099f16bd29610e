import type { Queryable } from './pool.ts'

const pageRows = 5_000

/** Runs a deletion of at most `$1` rows until nothing of its kind is left; gives how many those were. */
export async function purge(db: Queryable, statement: string): Promise<number> {
  for (let total = 0; ; ) {
    const { rowCount } = await db.query(statement, [pageRows])
    total += rowCount ?? 0
    if ((rowCount ?? 0) < pageRows) return total
  }
}
