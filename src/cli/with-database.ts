import { readConfig } from '../platform/config.ts'
import { createPool, type Pool } from '../platform/postgres/pool.ts'
import { stackEnvironment } from './stack-environment.ts'

/** The database that the environment names, else that of the running local stack. */
export async function withDatabase<T>(work: (db: Pool) => Promise<T>): Promise<T> {
  const { DATABASE_URL } = readConfig(['DATABASE_URL'], await stackEnvironment())
  const pool = createPool({ url: DATABASE_URL, size: 3, applicationName: 'thereview cli' })
  try {
    return await work(pool)
  } finally {
    await pool.end()
  }
}
