import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'

const environment = await createTestEnvironment()
const api = await startTestApi(environment)
after(() => api.stop())

const ada = { email: 'ada@example.test', name: 'Ada Lovelace', locale: 'en-GB' }

const urlOf = (userId: string) => `/api/v1/users/${encodeURIComponent(userId)}`
const put = (userId: string, payload: object) =>
  api.app.inject({ method: 'PUT', url: urlOf(userId), payload })
const preferencesOf = (userId: string) => api.app.inject({ url: `${urlOf(userId)}/preferences` })
const prefer = (userId: string, payload: object) =>
  api.app.inject({ method: 'PUT', url: `${urlOf(userId)}/preferences`, payload })

async function eventsOf(userId: string) {
  const { rows } = await api.reads.query<{ event_type: string; aggregate_version: number; data: string }>(
    "select event_type, aggregate_version, data from events where aggregate_type = 'User' and aggregate_id = $1 order by position",
    [userId],
  )
  return rows.map(({ event_type, aggregate_version, data }) => [
    event_type,
    aggregate_version,
    JSON.parse(data).changed,
  ])
}

test('a user is registered, changed, and left alone when nothing differs', async () => {
  const created = await put('ada', ada)
  assert.equal(created.statusCode, 201, created.body)
  const { created_at, updated_at, ...profile } = created.json()
  assert.deepEqual(profile, { user_id: 'ada', ...ada })
  assert.equal(created_at, updated_at)
  assert.equal(created.headers['cache-control'], 'no-store')

  const same = await put('ada', ada)
  assert.equal(same.statusCode, 200)
  assert.equal(same.body, created.body)
  assert.equal(same.headers['consistency-token'], created.headers['consistency-token'])

  const changed = await put('ada', { email: 'countess@example.test' })
  assert.equal(changed.statusCode, 200)
  assert.deepEqual(
    [changed.json().email, changed.json().name, changed.json().locale],
    ['countess@example.test', null, null],
  )
  assert.deepEqual(await eventsOf('ada'), [
    ['user.registered.v1', 1, ['email', 'name', 'locale']],
    ['user.updated.v1', 2, ['email', 'name', 'locale']],
  ])
})

test('no event holds an address or a name', async () => {
  await put('secretive', { email: 'needle@example.test', name: 'Needle' })
  const { rows } = await api.reads.query<{ event: string }>(
    'select row_to_json(events)::text as event from events',
  )
  assert.ok(rows.length > 0 && rows.every(({ event }) => !/needle/i.test(event)))
})

test('preferences stay as they were where nothing is said of them', async () => {
  await put('grace', { email: 'grace@example.test' })
  const all = { review_created: true, review_updated: true, review_deleted: true }
  assert.deepEqual((await preferencesOf('grace')).json(), { email: all })
  const changed = await prefer('grace', { email: { review_created: false } })
  assert.equal(changed.statusCode, 200, changed.body)
  assert.deepEqual(changed.json(), { email: { ...all, review_created: false } })
  for (const nothing of [{}, { email: {} }, { email: { review_created: false } }]) {
    assert.deepEqual((await prefer('grace', nothing)).json(), changed.json())
  }
  assert.deepEqual((await preferencesOf('grace')).json(), changed.json())
  assert.deepEqual((await eventsOf('grace')).at(-1), [
    'user.preferences_changed.v1',
    2,
    ['email.review_created'],
  ])
  assert.equal((await eventsOf('grace')).length, 2)
  await put('grace', { email: 'hopper@example.test' })
  assert.deepEqual((await preferencesOf('grace')).json(), changed.json())
})

test('who is not registered has no preferences', async () => {
  for (const answer of [await preferencesOf('nobody'), await prefer('nobody', { email: {} })]) {
    assert.equal(answer.statusCode, 404)
    assert.equal(answer.json().code, 'not_found')
  }
})

const refused: [what: string, body: object, pointer: string][] = [
  ['no address', {}, '/email'],
  ['no text', { email: 7 }, '/email'],
  ['an empty address', { email: '' }, '/email'],
  ['no domain', { email: 'ada' }, '/email'],
  ['two addresses', { email: 'a@b.test, c@d.test' }, '/email'],
  ['a second line', { email: 'a@b.test\r\nBcc: c@d.test' }, '/email'],
  ['a NUL', { email: 'a\u0000@b.test' }, '/email'],
  ['a name in it', { email: 'Ada <a@b.test>' }, '/email'],
  ['a quoted local part', { email: '"a b"@c.test' }, '/email'],
  ['an address literal', { email: 'a@[127.0.0.1]' }, '/email'],
  ['a long local part', { email: `${'a'.repeat(65)}@b.test` }, '/email'],
  ['255 characters', { email: `a@${`${'b'.repeat(49)}.`.repeat(5)}test` }, '/email'],
  ['a name of two lines', { ...ada, name: 'Ada\nBcc: x' }, '/name'],
  ['a blank name', { ...ada, name: '  ' }, '/name'],
  ['a long name', { ...ada, name: 'x'.repeat(201) }, '/name'],
  ['half a character', { ...ada, name: 'x\ud800' }, '/name'],
  ['no locale', { ...ada, locale: 'english, please' }, '/locale'],
  ['an unknown field', { ...ada, admin: true }, '/admin'],
  ['its id', { ...ada, user_id: 'ada' }, '/user_id'],
]

for (const [what, body, pointer] of refused) {
  test(`refused: ${what}`, async () => {
    const answer = await put('refused', body)
    assert.equal(answer.statusCode, 422, answer.body)
    assert.deepEqual(
      answer.json().errors.map((error: { pointer: string }) => error.pointer),
      [pointer],
    )
    assert.deepEqual(await eventsOf('refused'), [])
  })
}

test('preferences are booleans of notices that exist', async () => {
  await put('hedy', { email: 'hedy@example.test' })
  for (const body of [
    { email: { review_created: 'no' } },
    { email: { weather: false } },
    { sms: {} },
    { email: false },
  ]) {
    assert.equal((await prefer('hedy', body)).statusCode, 422, JSON.stringify(body))
  }
})

test('ids are of any script, and need no more than percent-encoding', async () => {
  for (const id of ['gid://shop/Customer/1', 'über user', '用户', '😀', 'a%2Fb', "o'hara", 'x'.repeat(200)]) {
    const answer = await put(id, { email: 'any@example.test' })
    assert.equal(answer.statusCode, 201, id)
    assert.equal(answer.json().user_id, id)
    assert.equal((await preferencesOf(id)).statusCode, 200)
  }
  assert.equal((await put('x'.repeat(201), ada)).statusCode, 422)
  assert.equal((await put('a\u0000b', ada)).statusCode, 422)
})

test('ten registrations of one user at once are one, and ten changes are as many versions as changes', async () => {
  const same = await Promise.all(Array.from({ length: 10 }, () => put('once', ada)))
  assert.deepEqual(same.map(({ statusCode }) => statusCode).sort(), [...Array(9).fill(200), 201])
  assert.equal((await eventsOf('once')).length, 1)
  await Promise.all(Array.from({ length: 10 }, (_, n) => put('once', { ...ada, name: `Ada ${n}` })))
  assert.equal((await eventsOf('once')).length, 11)
})

test('two servers that write one user never lose a version', async () => {
  const other = await startTestApi(environment)
  try {
    await put('shared', ada)
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 ? api : other).app.inject({
          method: 'PUT',
          url: urlOf('shared'),
          payload: { ...ada, name: `Ada ${n}` },
        }),
      ),
    )
    const versions = (await eventsOf('shared')).map(([, version]) => version)
    assert.deepEqual(
      versions,
      Array.from({ length: 21 }, (_, n) => n + 1),
    )
  } finally {
    await other.stop()
  }
})

test('the token of a write is one that reads take, also for an id like that of a review', async () => {
  const id = '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c'
  const token = String((await put(id, ada)).headers['consistency-token'])
  for (const url of ['/api/v1/reviews', '/api/v1/entities/product/p/stats']) {
    const answer = await api.app.inject({ url, headers: { 'consistency-token': token } })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['consistency-status'], undefined)
  }
})
