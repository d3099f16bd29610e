import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { listAudit } from '../../src/platform/audit/audit.ts'
import { createApiKey } from '../../src/platform/identity/api-keys.ts'
import { createTokenVerifier, signToken } from '../../src/platform/identity/tokens.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { changeLogLevels, resetLogLevels } from '../../src/platform/telemetry/changed-log-levels.ts'
import { createTestEnvironment, type TestEnvironment } from '../support/environment.ts'
import { startOps } from '../support/ops.ts'
import { type ServiceProcess, startService } from '../support/service-process.ts'
import { asUser, authConfig, testSecret } from '../support/tokens.ts'
import { until } from '../support/until.ts'

const secret = 'Zx9-hunter2'
let environment: TestEnvironment
let db: Pool
let api: ServiceProcess
const lines: string[] = []

before(async () => {
  environment = await createTestEnvironment()
  db = createPool({ url: environment.DATABASE_URL, size: 2, applicationName: 'test' })
  api = await startService('api', environment, { AUTH_SECRET: testSecret, LOG_LEVEL: 'trace' })
  api.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    lines.push(...chunk.split('\n').filter((line) => line !== ''))
  })
})

after(async () => {
  await api?.stop()
  await db?.end()
})

function requestLine(path: string): Promise<Record<string, unknown>> {
  return until(`the request of ${path} is logged`, () => {
    const line = lines.find((one) => one.includes(path))
    return line === undefined ? null : (JSON.parse(line) as Record<string, unknown>)
  })
}

test('what requests carry of secrets and addresses is in no line of a real API, however talkative', async () => {
  const token = await signToken(testSecret, { subject: 'maria', roles: [], expiresInSeconds: 300 })
  const { key } = await createApiKey(db, { name: 'test', scopes: ['reviews:write'], expiresAt: null }, 'test')
  const headers = {
    'content-type': 'application/json',
    cookie: `sid=${secret}`,
    'x-api-key': secret,
  }
  const fields = { password: secret, email: 'maria@example.test', token: secret, nested: { secret } }
  const send = (path: string, more: Record<string, string>, body?: object | string) =>
    fetch(`${api.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...more },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }).then(({ status }) => status)

  const path = '/api/v1/reviews'
  const statuses = [
    await send(path, { authorization: `Bearer ${token}` }, fields),
    await send(path, { authorization: `Bearer ${key}` }, fields),
    await send(path, { authorization: `Bearer ${secret}` }, fields),
    await send(path, { authorization: `Basic ${btoa(`maria:${secret}`)}` }, fields),
    await send(path, { authorization: `Bearer ${token}` }, `{"password":"${secret}"`),
    await send(`${path}?token=${secret}&email=maria@example.test`, {}),
    await send('/api/v1/users/maria%40example.test/preferences', { authorization: `Bearer ${token}` }),
    await send(`/nowhere/maria@example.test/password=${secret}`, {}),
  ]
  assert.deepEqual(statuses, [422, 422, 401, 401, 400, 422, 403, 404])
  await requestLine('/nowhere/')

  for (const hidden of [secret, token, key, 'maria@', 'maria%40', btoa(`maria:${secret}`)]) {
    assert.deepEqual(
      lines.filter((line) => line.includes(hidden)),
      [],
    )
  }
})

const failures: Readonly<Record<string, Record<string, string>>> = {
  'a database that is away': { DATABASE_URL: `postgres://thereview:${secret}@127.0.0.1:1/thereview` },
  // fetch refuses such an address with a message that repeats it.
  'an address that fetch refuses': { SCHEMA_REGISTRY_URL: `http://maria:${secret}@127.0.0.1:1/apis` },
}

for (const [what, variables] of Object.entries(failures)) {
  test(`${what} is logged without its password`, async () => {
    const entry = fileURLToPath(new URL('../../src/services/relay.ts', import.meta.url))
    const env = { ...process.env, ...environment, RELAY_PORT: '0', LOG_LEVEL: 'trace', ...variables }
    const child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk
      })
    }
    await until('it has said what is wrong, and started or given up', () => /"(ready|stopped)"/.test(output))
    if (child.exitCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    assert.match(output, /"err":/)
    assert.ok(!output.includes(secret), output)
  })
}

test('a connection that Postgres ends is logged without the connection, whose key would cancel its statements', async () => {
  const ended = await db.query<{ pid: number }>(
    `select pid, pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'thereview api%'`,
  )
  assert.notEqual(ended.rowCount, 0)
  const line = await until('the loss is logged', () =>
    lines.find((one) => one.includes('connection was lost')),
  )
  assert.match(line, /terminating connection/)
  assert.doesNotMatch(line, /secretKey|"client"/)
})

test('a level is changed while the service runs, by module, ends, and is in the audit', async () => {
  const at = { service: 'api', minutes: 60, actor: 'test' }
  const level = async (module: string) => {
    const metrics = await fetch(`${api.url}/metrics`, {
      headers: {
        authorization: `Bearer ${await signToken(testSecret, { subject: 'otto', roles: ['operator'], expiresInSeconds: 300 })}`,
      },
    })
    return new RegExp(`thereview_log_level\\{module="${module}"\\} (\\d+)`).exec(await metrics.text())?.[1]
  }
  assert.equal(await level('http'), '10')

  await changeLogLevels(db, { ...at, levels: 'info,http=warn' })
  await until('the API has heard of it', async () => (await level('http')) === '40')
  assert.equal(await level('rest'), '30')
  await fetch(`${api.url}/quiet`)
  await resetLogLevels(db, 'api', 'test')
  await until('the API logs as it was started', async () => (await level('http')) === '10')
  await fetch(`${api.url}/loud`)

  const { module, service } = await requestLine('/loud')
  assert.deepEqual({ module, service }, { module: 'http', service: 'api' })
  assert.ok(!lines.some((line) => line.includes('/quiet')))

  await changeLogLevels(db, { ...at, levels: 'http=silent' })
  await until('it is silent', async () => (await level('http')) === '100')
  await db.query('update log_levels set expires_at = now()')
  await until('its time is over', async () => (await level('http')) === '10')

  const acts = (await listAudit(db, 10)).filter(({ target }) => target === 'api')
  assert.deepEqual(
    acts.map(({ action, details }) => [action, details.levels ?? null]),
    [
      ['log_levels.changed', 'http=silent'],
      ['log_levels.reset', null],
      ['log_levels.changed', 'info,http=warn'],
    ],
  )
})

test('an administrator changes levels over the console’s API, and nobody else does', async () => {
  const ops = await startOps(environment, { verify: createTokenVerifier(authConfig) })
  try {
    const path = '/log-levels/relay'
    const body = { levels: 'relay=debug', minutes: 10 }
    const admin = await asUser('ada', 'admin')
    assert.equal((await ops.send('PUT', path, body, await asUser('otto', 'operator'))).statusCode, 403)
    const refused = await ops.send('PUT', path, { ...body, levels: 'tide=debug' }, admin)
    assert.equal(refused.statusCode, 422)
    assert.match(refused.body, /tide=debug.*the modules/)
    assert.equal((await ops.send('PUT', '/log-levels/kafka-1', body, admin)).statusCode, 422)

    assert.equal((await ops.send('PUT', path, body, admin)).statusCode, 200)
    const changed = async () => {
      const { items } = (await ops.get('/log-levels', await asUser('vera', 'moderator'))).json()
      const levels: { service: string; changed: { levels: string; by: string } | null }[] = items
      return levels.flatMap(({ service, changed: one }) => (one ? [[service, one.levels, one.by]] : []))
    }
    assert.deepEqual(await changed(), [['relay', 'relay=debug', 'ada']])
    assert.equal((await ops.send('DELETE', path, {}, admin)).statusCode, 200)
    assert.deepEqual(await changed(), [])
  } finally {
    await ops.stop()
  }
})
