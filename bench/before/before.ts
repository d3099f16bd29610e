import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Target } from '../stack/target.ts'
import type { BeforePlan } from './before-process.ts'
import { dropSchema, schema } from './store.ts'

/** Runs the service that works within the request, on the stack's own parts, while `work` needs it. */
export async function withBefore<T>(
  { pool, addresses, inbox, host }: Target,
  work: (address: { host: string; port: number }) => Promise<T>,
): Promise<T> {
  await pool.query(dropSchema)
  await pool.query(schema)
  const service = fork(join(import.meta.dirname, 'before-process.ts'))
  try {
    const { DATABASE_URL = '', REDIS_URL = '' } = addresses
    const plan: BeforePlan = { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL, smtpUrl: inbox.url }
    service.send(plan)
    const [port] = await once(service, 'message')
    return await work({ host, port: Number(port) })
  } finally {
    service.kill()
    await pool.query(dropSchema)
  }
}
