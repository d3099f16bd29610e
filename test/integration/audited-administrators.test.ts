// What administrators do to what is others' stands in the audit, and what changes nothing, or is one's own, does not.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { listAudit, verifyAudit } from '../../src/platform/audit/audit.ts'
import { createVerifier } from '../../src/platform/identity/verifier.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { startTestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { asServer, asUser, authConfig } from '../support/tokens.ts'

const environment = await createTestEnvironment()
const db = createPool({ url: environment.DATABASE_URL, size: 2, applicationName: 'test' })
const api = await startTestApi(environment, { verify: createVerifier(authConfig, db) })
after(async () => {
  await api.stop()
  await db.end()
})

const admin = await asUser('root-1', 'admin')
const ada = await asUser('ada')
const server = await asServer(db, 'users:write', 'entities:write')

const user = '/api/v1/users/ada'
const entity = '/api/v1/entities/product/gid:%2F%2Fshop%2FLamp%2F1'

async function put(url: string, headers: Record<string, string>, payload: object, status: number) {
  const answer = await api.app.inject({ method: 'PUT', url, headers, payload })
  assert.equal(answer.statusCode, status, answer.body)
}

/** What the work adds to the audit, oldest first. */
async function added(work: () => Promise<void>) {
  const [last] = await listAudit(db, 1)
  await work()
  const entries = (await listAudit(db, 20)).filter(({ number }) => number > (last?.number ?? 0))
  return entries.reverse().map(({ actor, action, target, details }) => ({ actor, action, target, details }))
}

test('a profile and preferences that an administrator changes: which fields, and never what they hold', async () => {
  const act = { actor: 'root-1', target: 'ada' }
  const entries = await added(async () => {
    await put(user, admin, { email: 'ada@example.test' }, 201)
    await put(user, admin, { email: 'countess@example.test', name: 'Ada' }, 200)
    await put(user, admin, { email: 'countess@example.test', name: 'Ada' }, 200)
    await put(`${user}/preferences`, admin, { email: { review_created: false } }, 200)
    await put(`${user}/preferences`, admin, { email: { review_created: false } }, 200)
  })
  assert.deepEqual(entries, [
    { ...act, action: 'user.registered', details: { fields: 'email' } },
    { ...act, action: 'user.updated', details: { fields: 'email name' } },
    { ...act, action: 'user.preferences_changed', details: { fields: 'email.review_created' } },
  ])
})

test('users who change their own, and servers in their name, are in the log alone', async () => {
  const entries = await added(async () => {
    await put(user, ada, { email: 'ada@example.test' }, 200)
    await put(`${user}/preferences`, server, { email: { review_created: true } }, 200)
    await put('/api/v1/users/root-1', admin, { email: 'root@example.test' }, 201)
    await put('/api/v1/entities/product/by-a-server', server, { name: 'Lamp' }, 201)
  })
  assert.deepEqual(entries, [])
})

test('a thing that an administrator registers, or changes', async () => {
  const act = { actor: 'root-1', target: 'product:gid://shop/Lamp/1', details: {} }
  const entries = await added(async () => {
    await put(entity, admin, { name: 'Lamp' }, 201)
    await put(entity, admin, { name: 'Lamp' }, 200)
    await put(entity, admin, { name: 'Lamp', url: 'https://shop.example/lamp' }, 200)
  })
  assert.deepEqual(entries, [
    { ...act, action: 'entity.registered' },
    { ...act, action: 'entity.updated' },
  ])
})

test('changes at once leave an entry for each that changed something, and the chain holds', async () => {
  const events = async () => {
    const { rows } = await db.query<{ count: number }>(
      "select count(*) from events where aggregate_id = 'ada'",
    )
    return rows[0]?.count ?? 0
  }
  const before = await events()
  const entries = await added(async () => {
    const names = ['One', 'Two', 'One', 'Two', 'One']
    await Promise.all(names.map((name) => put(user, admin, { email: 'ada@example.test', name }, 200)))
  })
  assert.ok(entries.length > 0)
  assert.equal(entries.length, (await events()) - before)
  assert.equal((await verifyAudit(db)).brokenAt, null)
})
