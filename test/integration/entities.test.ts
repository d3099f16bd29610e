import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'

let now = new Date('2026-11-23T10:30:00.000Z')
const api = await startTestApi(await createTestEnvironment(), { now: () => now })
after(() => api.stop())

const lamp = { name: 'Lamp', url: 'https://shop.example/lamp?a=1#b', owner_id: 'shop-1' }
const put = (id: string, payload: object) =>
  api.app.inject({ method: 'PUT', url: `/api/v1/entities/product/${encodeURIComponent(id)}`, payload })

test('a thing is registered, changed, and left alone when nothing differs', async () => {
  const created = await put('lamp', lamp)
  assert.equal(created.statusCode, 201, created.body)
  const at = '2026-11-23T10:30:00.000Z'
  const thing = { entity_type: 'product', entity_id: 'lamp', ...lamp, created_at: at, updated_at: at }
  assert.deepEqual(created.json(), thing)

  now = new Date('2026-11-23T11:00:00.000Z')
  const same = await put('lamp', lamp)
  assert.equal(same.statusCode, 200)
  assert.deepEqual(same.json(), thing)

  const changed = await put('lamp', { name: 'Lamp II' })
  assert.equal(changed.statusCode, 200)
  assert.deepEqual(changed.json(), {
    ...thing,
    name: 'Lamp II',
    url: null,
    owner_id: null,
    updated_at: now.toISOString(),
  })
})

test('ten at once are one', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => put('once', lamp)))
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [...Array(9).fill(200), 201])
})

const refused: [what: string, body: object, pointer: string][] = [
  ['no name', {}, '/name'],
  ['a blank name', { name: ' ' }, '/name'],
  ['a name of two lines', { name: 'a\nb' }, '/name'],
  ['another scheme', { ...lamp, url: 'javascript:alert(1)' }, '/url'],
  ['a NUL', { ...lamp, url: 'https://a.example/\u0000' }, '/url'],
  ['an owner that is no id', { ...lamp, owner_id: '' }, '/owner_id'],
  ['an unknown field', { ...lamp, price: 1 }, '/price'],
]

for (const [what, body, pointer] of refused) {
  test(`refused: ${what}`, async () => {
    const answer = await put('refused', body)
    assert.equal(answer.statusCode, 422, answer.body)
    assert.deepEqual(
      answer.json().errors.map((error: { pointer: string }) => error.pointer),
      [pointer],
    )
  })
}

test('the token of a write is one that reads take', async () => {
  const token = String((await put('token', lamp)).headers['consistency-token'])
  for (const url of ['/api/v1/reviews', '/api/v1/entities/product/token/stats']) {
    const answer = await api.app.inject({ url, headers: { 'consistency-token': token } })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['consistency-status'], undefined)
  }
})
