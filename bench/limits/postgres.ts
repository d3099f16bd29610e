import { join } from 'node:path'
import { runChild } from '../driver/child.ts'
import type { Target } from '../stack/target.ts'
import type { PostgresPlan, PostgresResult } from './postgres-process.ts'

const file = join(import.meta.dirname, 'postgres-process.ts')

// The columns of a review, and the one index that no table goes without.
const table = `
create schema if not exists bench;
create table if not exists bench.reviews (
  review_id uuid primary key,
  user_id text not null,
  entity_type text not null,
  entity_id text not null,
  rating numeric(2, 1) not null,
  title text,
  content text not null,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
)`

/** How many statements, each a transaction of its own, the stack's Postgres commits in a second. */
export async function measureStatements(
  { pool, addresses }: Target,
  statement: PostgresPlan['statement'],
  connections: number,
  measuredMs: number,
): Promise<number> {
  await pool.query(table)
  const url = addresses.DATABASE_URL ?? ''
  const plan: PostgresPlan = { url, connections, statement, warmUpMs: 1_000, measuredMs }
  try {
    return (await runChild<PostgresPlan, PostgresResult>(file, plan)).perSecond
  } finally {
    await pool.query('drop schema bench cascade')
  }
}
