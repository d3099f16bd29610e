/**
 * How many events a second one relay publishes that finds a backlog, with nothing beside it but the brokers and
 * Postgres. Its first events warm it up:
 *
 *     npm run bench:relay
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStack } from '../../src/launcher/stack.ts'
import { readLogStanding } from '../../src/platform/log/standing.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { until } from '../../test/support/until.ts'
import { withoutAddresses } from '../../test/support/without-addresses.ts'
import { runChild } from '../driver/child.ts'
import { newRunId } from '../load/reviews.ts'
import type { SeedPlan } from '../load/seed-process.ts'
import { usageOf } from '../stack/usage.ts'

const seeder = join(import.meta.dirname, '..', 'load', 'seed-process.ts')
const backlog = 200_000
const warmUp = 50_000
const patience = { timeoutMs: 300_000, everyMs: 20 }

const home = await mkdtemp(join(tmpdir(), 'relay-'))
const stack = await startStack({
  home,
  ports: 'free',
  parts: ['kafka-1', 'kafka-2', 'kafka-3', 'postgres', 'schema-registry', 'relay'],
  environment: withoutAddresses(process.env),
})
try {
  const url = stack.addresses.DATABASE_URL ?? ''
  await stack.stopPart('relay')
  process.stdout.write(`storing ${backlog} reviews …\n`)
  await runChild<SeedPlan, object>(seeder, { url, runId: newRunId(), entities: 200, reviews: backlog })

  await stack.startPart('relay')
  const pool = createPool({ url, size: 1, applicationName: 'bench' })
  const publishedBeyond = (position: number) =>
    until(
      `${position} events are published`,
      async () => {
        const { published } = await readLogStanding(pool)
        return published >= position && { published, at: performance.now() }
      },
      patience,
    )
  const relay = new Map([['relay', stack.part('relay').pid ?? 0]])
  const cpu = () => usageOf(relay).get('relay')?.cpuSeconds ?? 0

  const begun = await publishedBeyond(warmUp)
  const cpuBegun = cpu()
  const ended = await publishedBeyond(backlog)
  const events = ended.published - begun.published
  process.stdout.write(
    `one relay: ${Math.round((events / (ended.at - begun.at)) * 1_000)} events/s, ` +
      `${Math.round(((cpu() - cpuBegun) / events) * 1e6)} µs of its CPU for each\n`,
  )
  await pool.end()
} finally {
  await stack.stop()
  await rm(home, { recursive: true })
}
