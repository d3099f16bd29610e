/**
 * Where each service's time goes under load: one flame graph a service, in docs/flame-graphs/.
 *
 *     npm run bench:flame-graphs
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStack } from '../../src/launcher/stack.ts'
import { runLoad } from '../../src/ops/load.ts'
import { LoadClient } from '../../src/ops/load-client.ts'
import { withoutAddresses } from '../../test/support/without-addresses.ts'
import { type CpuProfile, flameGraph, framesOf } from './flame-graph.ts'

const services = ['api', 'relay', 'analytics-worker', 'cache-worker', 'notification-worker'] as const
const reviews = 30_000
const pictures = join(import.meta.dirname, '..', '..', 'docs', 'flame-graphs')

const home = await mkdtemp(join(tmpdir(), 'profile-'))
const stack = await startStack({
  home,
  ports: 'free',
  environment: {
    ...withoutAddresses(process.env),
    NODE_OPTIONS: `--cpu-prof --cpu-prof-interval 500 --cpu-prof-dir ${home}`,
  },
})
const pids = new Map(services.map((name) => [name, stack.part(name).pid]))
try {
  const client = new LoadClient(stack.part('api').url ?? '', 64)
  const report = await runLoad(client, {
    runId: 'profile',
    reviews,
    entities: 200,
    connections: 64,
    ratePerSecond: null,
    agreementTimeoutMs: 120_000,
  })
  await client.close()
  process.stdout.write(`${report.accepted} reviews, ${report.accepted_per_second} a second\n`)
} finally {
  // The profiles are written as the processes end.
  await stack.stop()
}

await mkdir(pictures, { recursive: true })
const files = await readdir(home)
for (const [name, pid] of pids) {
  const file = files.find((one) => one.endsWith('.cpuprofile') && one.split('.').includes(`${pid}`))
  if (!file) throw new Error(`${name} left no profile`)
  const root = framesOf(JSON.parse(await readFile(join(home, file), 'utf8')) as CpuProfile)
  const title = `${name}: ${(root.milliseconds / 1_000).toFixed(1)} s busy for ${reviews} reviews, its start included`
  await writeFile(join(pictures, `${name}.svg`), flameGraph(root, title))
}
await rm(home, { recursive: true })
