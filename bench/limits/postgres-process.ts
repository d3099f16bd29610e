/** Statements over connections of their own, each as soon as the last one is answered: `limits.ts` starts it. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { plannedReview } from '../../src/ops/load-plan.ts'
import { answer } from '../driver/answer.ts'

export interface PostgresPlan {
  readonly url: string
  readonly connections: number
  readonly statement: 'insert' | 'commit'
  readonly warmUpMs: number
  readonly measuredMs: number
}

export interface PostgresResult {
  readonly perSecond: number
}

const queries = {
  insert: (n: number) => {
    const { user_id, entity_type, entity_id, rating, content } = plannedReview('limit', 200, n)
    return {
      name: 'insert',
      text: `insert into bench.reviews (review_id, user_id, entity_type, entity_id, rating, content)
        values ($1, $2, $3, $4, $5, $6)`,
      values: [randomUUID(), user_id, entity_type, entity_id, rating, content],
    }
  },
  // The least that a commit can hold.
  commit: () => ({ name: 'commit', text: "select pg_logical_emit_message(true, 'bench', '')", values: [] }),
} as const

process.once('message', async (plan: PostgresPlan) => answer(await run(plan)))

async function run({
  url,
  connections,
  statement,
  warmUpMs,
  measuredMs,
}: PostgresPlan): Promise<PostgresResult> {
  const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: url }))
  await Promise.all(clients.map((client) => client.connect()))
  const from = performance.now() + warmUpMs
  const to = from + measuredMs
  let n = 0
  let measured = 0
  await Promise.all(
    clients.map(async (client) => {
      for (let now = performance.now(); now < to; now = performance.now()) {
        await client.query(queries[statement](n++))
        if (now >= from) measured += 1
      }
      await client.end()
    }),
  )
  return { perSecond: (measured * 1_000) / measuredMs }
}
