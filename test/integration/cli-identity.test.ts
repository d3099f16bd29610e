// Tokens, keys, the audit and the configuration at the command line, as an operator uses them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createVerifier } from '../../src/platform/identity/verifier.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { authConfig, testSecret } from '../support/tokens.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const environment = await createTestEnvironment()
const db = createPool({ url: environment.DATABASE_URL, size: 2, applicationName: 'test' })
after(() => db.end())

const verify = createVerifier(authConfig, db) ?? assert.fail('there is authentication')

function cli(args: string, more: Record<string, string> = {}) {
  const env = { ...process.env, ...environment, AUTH_SECRET: testSecret, NO_COLOR: '1', ...more }
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args.split(' ')], {
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('a token is printed alone, and the API takes it', async () => {
  const { status, stdout } = cli('token --user u1 --role moderator --role operator --expires 5min')
  assert.equal(status, 0)
  const identity = await verify(stdout.trim())
  assert.ok(identity.kind === 'user')
  assert.equal(identity.subject, 'u1')
  assert.deepEqual(identity.roles, new Set(['moderator', 'operator']))
})

test('what cannot be is said in a sentence', () => {
  const withoutSecret = cli('token --user u1', { AUTH_SECRET: '' })
  assert.equal(withoutSecret.status, 1)
  assert.match(withoutSecret.stderr, /^AUTH_SECRET is not set\./)
  const ofAnIssuer = cli('token --user u1', { AUTH_SECRET: '', AUTH_JWKS_URL: 'http://127.0.0.1:1/' })
  assert.match(ofAnIssuer.stderr, /come from the issuer/)
  assert.equal(cli('token --user u1 --role emperor').status, 2)
  assert.equal(cli('token').status, 2)
  assert.equal(cli('keys create --name x --scope everything').status, 2)
  assert.equal(cli('keys revoke nothing').status, 1)
})

test('a key is shown once, listed without it, revoked, and all of that is in the audit', async () => {
  const made = cli('keys create --name shop --scope reviews:write --scope users:write --expires 90d')
  assert.equal(made.status, 0, made.stderr)
  const key = made.stdout.trim()
  const { subject: id } = await verify(key)
  assert.match(made.stderr, /never shown again/)

  const listed = cli('keys list')
  assert.match(listed.stdout, new RegExp(`${id} +shop +valid +reviews:write users:write`))
  assert.ok(!listed.stdout.includes(key.slice(17)))

  assert.equal(cli(`keys revoke ${id}`).status, 0)
  await assert.rejects(verify(key))
  const [after] = JSON.parse(cli('keys list --json').stdout)
  assert.ok(after.revoked_at && after.last_used_at)

  const acts = JSON.parse(cli('audit list --json').stdout)
  assert.deepEqual(
    acts.map(({ action, target }: { action: string; target: string }) => [action, target]),
    [
      ['api_key.revoked', id],
      ['api_key.created', id],
    ],
  )
  assert.match(acts[0].actor, /^cli:./)
  assert.match(cli('audit list').stdout, /api_key\.created +\S+ +scopes=reviews:write users:write/)
})

test('an audit that is whole is told from one that is not by the exit code', async () => {
  const whole = cli('audit verify')
  assert.equal(whole.status, 0)
  assert.match(whole.stdout, /is whole: 2 entries/)
  await db.query('alter table audit disable trigger all')
  await db.query("update audit set actor = 'somebody else' where number = 1")
  const broken = cli('audit verify --json')
  assert.equal(broken.status, 1)
  assert.deepEqual(JSON.parse(broken.stdout), { entries: 2, broken_at: 1 })
})

test('a configuration is checked as a whole, and no secret is shown', () => {
  assert.equal(cli('config check').status, 0)
  const wrong = cli('config check api', {
    API_PORT: 'eight',
    AUTH_JWKS_URL: 'http://127.0.0.1/',
    DATABASE_URL: 'mysql://u:hunter2@localhost/',
  })
  assert.equal(wrong.status, 1)
  assert.match(wrong.stdout, /API_PORT is "eight": it wants a whole number/)
  assert.match(wrong.stdout, /DATABASE_URL is \(hidden\): it wants a URL/)
  assert.match(wrong.stdout, /AUTH_JWKS_URL and AUTH_SECRET are both set/)
  assert.equal(wrong.stdout.trim().split('\n').length, 3)

  const shown = cli('config show api').stdout
  assert.match(shown, /API_PORT +8000 +default/)
  assert.match(shown, /AUTH_SECRET +\(hidden\) +environment/)
  assert.ok(!`${shown}${wrong.stdout}`.match(new RegExp(`hunter2|${testSecret}`)))
})

test('a service says what it reads', () => {
  assert.match(cli('api --help').stdout, /AUTH_SECRET\n +shared secret/)
})
