import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'

const project = join(import.meta.dirname, '..')
const features = ['reviews', 'users', 'entities', 'notifications', 'analytics', 'cache']
const folders = ['contracts', 'platform', ...features, 'ops', 'services', 'cli', 'launcher']

/** Whom each folder of src/ may import, beside itself. */
const mayImport: Record<string, readonly string[]> = {
  contracts: [],
  platform: ['contracts'],
  ...Object.fromEntries(features.map((feature) => [feature, ['contracts', 'platform']])),
  ops: ['contracts', 'platform', ...features],
  services: ['contracts', 'platform', ...features, 'ops'],
  cli: folders,
  launcher: ['contracts'],
}

test('the linter refuses every import against the layers, and no other', () => {
  const edges = folders.flatMap((from) => folders.filter((to) => to !== from).map((to) => ({ from, to })))
  const refused = refusedBy(edges)
  for (const edge of edges) {
    const { from, to } = edge
    const isAllowed = mayImport[from]?.includes(to) ?? false
    assert.equal(
      !refused.has(fileOf(edge)),
      isAllowed,
      `${from} ${isAllowed ? 'may' : 'may not'} import ${to}`,
    )
  }
})

test('the Kafka client is known in platform/kafka alone', () => {
  assert.deepEqual(importersOf(/^@platformatic\/kafka$/, /^src\/platform\/kafka\//), [])
})

test('Fastify is known where HTTP is served, and to routes, alone', () => {
  assert.deepEqual(importersOf(/^(fastify|@fastify\/.*)$/, /^src\/(platform|ops)\/http\/|routes\.ts$/), [])
})

test('the Redis client is known in platform/redis alone', () => {
  assert.deepEqual(importersOf(/^ioredis$/, /^src\/platform\/redis\//), [])
})

type Edge = { from: string; to: string }

const fileOf = ({ from, to }: Edge) => `src/${from}/imports-${to}.ts`

/** Lints a project that has one file for each import, by this project's own configuration. */
function refusedBy(edges: readonly Edge[]): Set<string> {
  const root = mkdtempSync(join(tmpdir(), 'layering-'))
  after(() => rmSync(root, { recursive: true }))
  for (const file of ['biome.json', '.gitignore']) copyFileSync(join(project, file), join(root, file))
  for (const edge of edges) {
    const file = join(root, fileOf(edge))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `import { x } from '../${edge.to}/x.ts'\n\nexport const y = x\n`)
  }
  const biome = join(project, 'node_modules', '.bin', 'biome')
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', 'src']
  const { stdout, stderr } = spawnSync(biome, args, { cwd: root, encoding: 'utf8' })
  assert.ok(stdout.startsWith('{'), stderr)
  const { diagnostics } = JSON.parse(stdout)
  const paths = diagnostics
    .filter(({ category }: { category: string }) => category === 'lint/style/noRestrictedImports')
    .map(({ location }: { location: { path: string } }) => location.path)
  return new Set(paths)
}

/** Files of src/ that import such a module though they lie elsewhere than allowed. */
function importersOf(module: RegExp, allowed: RegExp): string[] {
  return globSync('src/**/*.ts', { cwd: project })
    .filter((file) => !allowed.test(file))
    .filter((file) => {
      const imports = readFileSync(join(project, file), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)
      return [...imports].some(([, name]) => module.test(name ?? ''))
    })
}
