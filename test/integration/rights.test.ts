// With authentication: who may do what. One row for each act, one column for each kind of caller.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { scopes } from '../../src/platform/identity/identity.ts'
import { createVerifier } from '../../src/platform/identity/verifier.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { aReview, startTestApi, type TestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { asServer, asUser, authConfig } from '../support/tokens.ts'

const table = `
                          nobody author another moderator admin operator reviews: users: entities: analytics: metrics:
write a review               401    201     201       201   201      201      201    403       403        403      403
write for the author         401    201     403       403   403      403      201    403       403        403      403
change the review            401    200     403       403   403      403      200    403       403        403      403
delete the review            401    204     403       422   422      403      204    403       403        403      403
delete it with a reason      401    204     403       204   204      403      204    403       403        403      403
read the review              200    200     200       200   200      200      200    200       200        200      200
read its history             200    200     200       200   200      200      200    200       200        200      200
  once it is deleted         410    200     410       200   200      410      200    410       410        410      410
list reviews                 200    200     200       200   200      200      200    200       200        200      200
read statistics              200    200     200       200   200      200      200    200       200        200      200
register the author          401    201     403       403   201      403      403    201       403        403      403
  change their profile       401    200     403       403   200      403      403    200       403        403      403
  read their preferences     401    200     403       403   200      403      403    200       403        403      403
  change them                401    200     403       403   200      403      403    200       403        403      403
preferences of nobody known  401    403     403       403   404      403      403    404       403        403      403
register a thing             401    403     403       403   201      403      403    403       201        403      403
report a view                401    202     202       202   202      202      403    403       403        202      403
read the metrics             401    403     403       403   403      200      403    403       403        403      200
read the document            200    200     200       200   200      200      200    200       200        200      200
ask for health               200    200     200       200   200      200      200    200       200        200      200
`

type Headers = Record<string, string>

let api: TestApi
let db: Pool
let callers: Record<string, Headers>
let count = 0

before(async () => {
  const environment = await createTestEnvironment()
  db = createPool({ url: environment.DATABASE_URL, size: 4, applicationName: 'test' })
  api = await startTestApi(environment, { verify: createVerifier(authConfig, db) })
})

after(async () => {
  await api.stop()
  await db.end()
})

const [header = '', ...lines] = table.split('\n').filter((line) => line !== '')
const names = header.trim().split(/ +/)
const rows = lines.map((line) => ({
  act: line.slice(0, 28).trim(),
  statuses: line.slice(28).trim().split(/ +/).map(Number),
}))

/** Everyone of the table, the author under this id. */
async function everyone(author: string): Promise<Record<string, Headers>> {
  const servers = scopes.map(async (scope) => [`${scope.split(':')[0]}:`, await asServer(db, scope)] as const)
  return {
    nobody: {},
    author: await asUser(author),
    another: await asUser('another'),
    moderator: await asUser('moderator', 'moderator'),
    admin: await asUser('admin', 'admin'),
    operator: await asUser('operator', 'operator'),
    ...Object.fromEntries(await Promise.all(servers)),
  }
}

/** What each act needs is made anew by the author: `it` is a number that nobody else has. */
interface Scene {
  readonly author: string
  readonly it: number
  readonly who: string
  readonly headers: Headers
}

const { user_id: _, ...unsigned } = aReview
const isServer = (who: string) => who.endsWith(':')

async function reviewOf({ author, it }: Scene): Promise<string> {
  const answer = await api.post({ ...unsigned, entity_id: `of ${it}` }, callers.author)
  assert.equal(answer.statusCode, 201, `${author}: ${answer.body}`)
  return answer.json().review_id
}

const call = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, headers: Headers, payload?: object) =>
  api.app.inject({ method, url, headers, ...(payload && { payload }) })

const profile = (it: number) => ({ email: `user-${it}@example.test` })

async function registered(scene: Scene): Promise<string> {
  const url = `/api/v1/users/${scene.author}`
  await call('PUT', url, callers.author ?? {}, profile(0))
  return url
}

const acts: Record<string, (scene: Scene) => Promise<LightMyRequestResponse>> = {
  'write a review': ({ it, who, headers }) =>
    api.post({ ...unsigned, entity_id: `${it}`, ...(isServer(who) && { user_id: 'anyone' }) }, headers),
  'write for the author': ({ author, it, headers }) =>
    api.post({ ...unsigned, entity_id: `${it}`, user_id: author }, headers),
  'change the review': async (scene) => api.put(await reviewOf(scene), { rating: 1 }, scene.headers),
  'delete the review': async (scene) => api.remove(await reviewOf(scene), {}, scene.headers),
  'delete it with a reason': async (scene) =>
    api.remove(await reviewOf(scene), { reason: 'Spam' }, scene.headers),
  'read the review': async (scene) => api.get(await reviewOf(scene), scene.headers),
  'read its history': async (scene) =>
    call('GET', `/api/v1/reviews/${await reviewOf(scene)}/history`, scene.headers),
  'once it is deleted': async (scene) => {
    const id = await reviewOf(scene)
    await api.remove(id, {}, callers.author)
    return call('GET', `/api/v1/reviews/${id}/history`, scene.headers)
  },
  'list reviews': ({ headers }) => api.list({}, headers),
  'read statistics': ({ headers }) => call('GET', '/api/v1/entities/product/p/stats', headers),
  'register the author': ({ author, headers }) => call('PUT', `/api/v1/users/${author}`, headers, profile(0)),
  'change their profile': async (scene) =>
    call('PUT', await registered(scene), scene.headers, profile(scene.it)),
  'read their preferences': async (scene) =>
    call('GET', `${await registered(scene)}/preferences`, scene.headers),
  'change them': async (scene) =>
    call('PUT', `${await registered(scene)}/preferences`, scene.headers, { email: {} }),
  'preferences of nobody known': ({ headers }) => call('GET', '/api/v1/users/unknown/preferences', headers),
  'register a thing': ({ it, headers }) =>
    call('PUT', `/api/v1/entities/product/${it}`, headers, { name: 'Lamp' }),
  'report a view': ({ headers }) =>
    call('POST', '/api/v1/analytics/events', headers, {
      items: [{ type: 'stats.viewed.v1', entity_type: 'product', entity_id: 'p' }],
    }),
  'read the metrics': ({ headers }) => call('GET', '/metrics', headers),
  'read the document': ({ headers }) => call('GET', '/openapi.json', headers),
  'ask for health': ({ headers }) => call('GET', '/health/ready', headers),
}

test('the table has a row for each act', () => {
  assert.deepEqual(
    rows.map(({ act }) => act),
    Object.keys(acts),
  )
})

for (const { act, statuses } of rows) {
  test(`${act}: ${names.map((who, i) => `${who} ${statuses[i]}`).join(', ')}`, async () => {
    const perform = acts[act] ?? assert.fail('there is no such act')
    for (const [i, who] of names.entries()) {
      count += 1
      const author = `author-${count}`
      callers = await everyone(author)
      const answer = await perform({ author, it: count, who, headers: callers[who] ?? assert.fail(who) })
      assert.equal(answer.statusCode, statuses[i], `${who}: ${answer.body}`)
      if (answer.statusCode === 401) assert.equal(answer.headers['www-authenticate'], 'Bearer')
      if (answer.statusCode === 403) assert.equal(answer.json().code, 'forbidden')
    }
  })
}

test('a refusal says why', async () => {
  callers = await everyone('why')
  const scene = { author: 'why', it: 0, who: 'users:', headers: callers['users:'] ?? {} }
  const detail = async (act: string) => (await acts[act]?.(scene))?.json().detail
  assert.equal(await detail('write a review'), 'the API key lacks the scope reviews:write')
  assert.equal(await detail('register a thing'), 'the API key lacks the scope entities:write')
})
