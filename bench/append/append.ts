/**
 * How many reviews a second are stored with their events, by writers in one, two and four processes. All of them
 * append behind the one row that numbers the log, so this shows where that row is the limit:
 *
 *     npm run bench:append
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStack } from '../../src/launcher/stack.ts'
import { migrate, readMigrations } from '../../src/platform/postgres/migrate.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { withoutAddresses } from '../../test/support/without-addresses.ts'
import { runChild } from '../driver/child.ts'
import type { WriterPlan, WriterResult } from './writer-process.ts'

const writer = join(import.meta.dirname, 'writer-process.ts')
const commandsUnderWay = [1, 16, 64, 256] as const
const processes = [1, 2, 4] as const

const home = await mkdtemp(join(tmpdir(), 'append-'))
const stack = await startStack({
  home,
  ports: 'free',
  parts: ['postgres'],
  environment: withoutAddresses(process.env),
})
try {
  const url = stack.addresses.DATABASE_URL ?? ''
  const pool = createPool({ url, size: 1, applicationName: 'bench' })
  await migrate(pool, await readMigrations())
  await pool.end()
  for (const count of processes) {
    for (const underWay of commandsUnderWay) {
      const plan: WriterPlan = { url, underWay, warmUpMs: 2_000, measuredMs: 6_000 }
      const results = await Promise.all(
        Array.from({ length: count }, () => runChild<WriterPlan, WriterResult>(writer, plan)),
      )
      const perSecond = results.reduce((sum, { written }) => sum + written, 0) / (plan.measuredMs / 1_000)
      const batches = results.reduce((sum, one) => sum + one.batches, 0)
      const inBatches = results.reduce((sum, one) => sum + one.inBatches, 0)
      const commitMs = results.reduce((sum, { batchSeconds }) => sum + batchSeconds, 0) / (batches / 1_000)
      process.stdout.write(
        `${count} × ${underWay} commands under way: ${Math.round(perSecond)} events/s, ` +
          `${(inBatches / batches).toFixed(1)} a commit, ${commitMs.toFixed(1)} ms each\n`,
      )
    }
  }
} finally {
  await stack.stop()
  await rm(home, { recursive: true })
}
