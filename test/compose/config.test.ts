import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'compose-'))
after(() => rmSync(folder, { recursive: true }))

test('docker-compose takes compose.yaml, and every container is the one that is meant', () => {
  const passwords = spawnSync(process.execPath, [join(root, 'scripts', 'compose-env.ts')], {
    encoding: 'utf8',
  }).stdout
  const { status, stdout, stderr } = config(passwords)
  assert.equal(status, 0, stderr)
  const { services } = parse(stdout)
  const password = /^POSTGRES_PASSWORD=(\w{48})$/m.exec(passwords)?.[1]
  assert.equal(services.postgres.environment.POSTGRES_PASSWORD, password)
  assert.equal(
    services.api.environment.DATABASE_URL,
    `postgres://thereview:${password}@postgres:5432/thereview`,
  )
  assert.equal(services['kafka-2'].environment.KAFKA_NODE_ID, '2')
})

test('without passwords it refuses, and says what to do', () => {
  const { status, stderr } = config('')
  assert.notEqual(status, 0)
  assert.match(stderr, /make an \.env first - see \.env\.example/)
})

function config(environment: string) {
  const file = join(folder, 'passwords.env')
  writeFileSync(file, environment)
  const args = ['--env-file', file, '--file', join(root, 'compose.yaml'), 'config']
  const { POSTGRES_PASSWORD: _, REDIS_PASSWORD: __, ...env } = process.env
  return spawnSync('docker-compose', args, { encoding: 'utf8', env })
}
