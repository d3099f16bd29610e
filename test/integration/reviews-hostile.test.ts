// What is refused, and how: by code and pointer, all of it at once, and never with a 500.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { ProblemDetail } from '../../src/platform/http/problem.ts'
import { encodeCursor, type Place } from '../../src/reviews/cursor.ts'
import { nameOf, type Sort } from '../../src/reviews/list-reviews.ts'
import { aReview, startTestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'

const api = await startTestApi(await createTestEnvironment())
after(() => api.stop())

let users = 0
const anotherUser = () => ({ ...aReview, user_id: `user-${++users}` })
const json = { 'content-type': 'application/json' }

const text = (payload: string | Buffer, headers: Record<string, string> = json) =>
  api.app.inject({ method: 'POST', url: '/api/v1/reviews', payload, headers })

const invalid: [name: string, changes: Record<string, unknown>, pointers: string[]][] = [
  ['a rating below 1', { rating: 0.5 }, ['/rating']],
  ['a rating above 5', { rating: 5.5 }, ['/rating']],
  ['a rating between halves', { rating: 4.3 }, ['/rating']],
  ['a rating a hair from a half', { rating: 4.50000000001 }, ['/rating']],
  ['a rating as text', { rating: '5' }, ['/rating']],
  ['a rating as null', { rating: null }, ['/rating']],
  ['a rating as a boolean', { rating: true }, ['/rating']],
  ['a rating in a list', { rating: [5] }, ['/rating']],
  ['no content', { content: undefined }, ['/content']],
  ['empty content', { content: '' }, ['/content']],
  ['blank content', { content: ' \n\t\u3000' }, ['/content']],
  ['content as null', { content: null }, ['/content']],
  ['content of 10,001 characters', { content: 'x'.repeat(10_001) }, ['/content']],
  ['NUL in content', { content: 'a\u0000b' }, ['/content']],
  ['a lone surrogate in content', { content: 'a\ud800b' }, ['/content']],
  ['a title of 201 characters', { title: 'x'.repeat(201) }, ['/title']],
  ['a title as a number', { title: 7 }, ['/title']],
  ['NUL in the title', { title: '\u0000' }, ['/title']],
  ['a lone surrogate in the title', { title: '\udc00' }, ['/title']],
  ['an empty id', { entity_id: '' }, ['/entity_id']],
  ['an id of 201 characters', { entity_id: 'x'.repeat(201) }, ['/entity_id']],
  ['an id as a number', { entity_id: 123 }, ['/entity_id']],
  ['a newline in an id', { entity_id: 'a\nb' }, ['/entity_id']],
  ['NUL in an id', { user_id: 'a\u0000' }, ['/user_id']],
  ['DEL in an id', { entity_type: 'a\u007f' }, ['/entity_type']],
  ['a C1 control in an id', { entity_type: 'a\u0085' }, ['/entity_type']],
  ['a lone surrogate in an id', { entity_type: '\ud83d' }, ['/entity_type']],
  ['no user', { user_id: undefined }, ['/user_id']],
  ['an unknown field', { colour: 'red' }, ['/colour']],
  ['a field that the server sets', { review_id: 'x', version: 7 }, ['/review_id', '/version']],
  ['an unknown field with / and ~', { 'a/b~c': 1 }, ['/a~1b~0c']],
  ['a field of every object', { constructor: {}, toString: 1 }, ['/constructor', '/toString']],
  [
    'everything at once',
    { entity_type: undefined, entity_id: 7, user_id: '', rating: 9, title: [], content: ' ', more: 1 },
    ['/content', '/entity_id', '/entity_type', '/more', '/rating', '/title', '/user_id'],
  ],
]

for (const [name, changes, pointers] of invalid) {
  test(`POST with ${name} answers 422 and points there`, async () => {
    const answer = await text(JSON.stringify({ ...anotherUser(), ...changes }))
    const problem = answer.json()
    assert.equal(answer.statusCode, 422, answer.body)
    assert.equal(problem.code, 'validation_failed')
    assert.deepEqual(problem.errors.map((error: { pointer: string }) => error.pointer).sort(), pointers)
    for (const error of problem.errors) assert.ok(error.in === 'body' && error.code && error.detail)
  })
}

const valid: [name: string, changes: Record<string, unknown>][] = [
  ['content of 10,000 characters beyond the basic plane', { content: '💥'.repeat(10_000) }],
  ['a title of 200 such characters', { title: '💥'.repeat(200) }],
  ['an empty title', { title: '' }],
  ['a title of null', { title: null }],
  [
    'ids of 200 characters of any script',
    { entity_id: '品'.repeat(200), entity_type: 'товар', user_id: '𝔲'.repeat(200) },
  ],
  ['an id that looks like a path', { entity_id: 'gid://shopify/Product/1', entity_type: '../..' }],
  [
    'SQL and HTML as text',
    { content: `'); drop table reviews; -- <script>alert(1)</script> \\ " {} {"a",b}`, title: '{NULL}' },
  ],
  ['the word null', { content: 'null', title: 'NULL', entity_id: 'NULL' }],
  ['control characters that text may have', { content: 'one\r\n\ttwo\u0007' }],
  ['characters that JSON escapes', { content: '\u2028\u2029\ufeff"\\/' }],
]
for (const [name, changes] of valid) {
  test(`POST with ${name} answers 201 with the same again, and its event says it`, async () => {
    const wanted = { ...anotherUser(), ...changes }
    const answer = await text(JSON.stringify(wanted))
    assert.equal(answer.statusCode, 201, answer.body)
    const review = (await api.get(answer.json().review_id)).json()
    const { items } = (await api.history(review.review_id)).json()
    for (const [field, value] of Object.entries(wanted)) {
      assert.equal(review[field], value)
      assert.equal(items[0].data[field], value)
    }
  })
}

test('the numbers that JSON can write for a rating are taken', async () => {
  for (const rating of ['1', '1.0', '1.5', '5.00', '5e0', '45e-1']) {
    const body = JSON.stringify(anotherUser()).replace('"rating":5', `"rating":${rating}`)
    const answer = await text(body)
    assert.equal(answer.json().rating, Number(rating), answer.body)
  }
})

const deep = 15_000
const malformed: [name: string, body: string | Buffer][] = [
  ['empty', ''],
  ['half a body', '{"entity_type":"product"'],
  ['not JSON', 'entity_type=product'],
  ['single quotes', "{'a':1}"],
  ['a trailing comma', '{"a":1,}'],
  ['NaN', '{"rating":NaN}'],
  ['a byte order mark', `\ufeff${JSON.stringify(aReview)}`],
  [
    'bytes that are not UTF-8',
    Buffer.concat([Buffer.from('{"content":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
  ],
  ['a surrogate encoded as UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ['a raw NUL', '{"content":"a\u0000"}'],
  ['a key twice', '{"rating":5,"rating":1}'],
  ['a key twice, once escaped', '{"rating":5,"r\\u0061ting":1}'],
  ['depth without an end', '['.repeat(deep)],
]
for (const [name, body] of malformed) {
  test(`POST of ${name} answers 400`, async () => {
    const answer = await text(body)
    assert.equal(answer.statusCode, 400, answer.body)
    assert.equal(answer.json().code, 'malformed_json')
  })
}

const notObjects = ['null', '1', '"x"', '[]', 'true', `${'['.repeat(deep)}${']'.repeat(deep)}`]
for (const body of notObjects) {
  test(`POST of ${body.slice(0, 10)} answers 422`, async () => {
    assert.equal((await text(body)).statusCode, 422)
  })
}

test('an object of any depth is an unknown field and no danger', async () => {
  const answer = await text(`{"a":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`)
  assert.equal(answer.statusCode, 422)
  assert.ok(answer.body.length < 5_000)
})

test('a thousand unknown fields get an answer of sane length', async () => {
  const fields = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`f${index}`, 1]))
  const answer = await text(JSON.stringify(fields))
  assert.equal(answer.statusCode, 422)
  assert.ok(answer.body.length < 20_000, String(answer.body.length))
  const query = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))
  for (const { errors, detail } of [answer.json(), (await api.list(query)).json()]) {
    assert.ok(errors.some(({ pointer, code }: ProblemDetail) => pointer === '/f0' && code === 'unknown'))
    assert.match(detail, /and \d+ more$/)
  }
})

test('what is wrong with JSON is said with its place or its value', async () => {
  const details = ['{"rating":}', '{"rating":1,"r\\u0061ting":2}'].map(
    async (body) => (await text(body)).json().detail,
  )
  assert.deepEqual(await Promise.all(details), [
    'the body is not valid JSON: Unexpected token \'}\', "{"rating":}"',
    'the body has the key "rating" twice in one object: send it once',
  ])
})

for (const key of ['__proto__', 'constructor', 'prototype']) {
  test(`${key} is an unknown field and changes no prototype`, async () => {
    const answer = await text(JSON.stringify(anotherUser()).replace('{', `{"${key}":{"isAdmin":true},`))
    assert.equal(answer.statusCode, 422, answer.body)
    assert.equal(answer.json().errors[0].pointer, `/${key}`)
    assert.equal(({} as { isAdmin?: boolean }).isAdmin, undefined)
  })
}

test('a body of 64 KiB is read, one byte more is 413', async () => {
  const padded = (bytes: number) => JSON.stringify(anotherUser()).padEnd(bytes, ' ')
  assert.equal((await text(padded(64 * 1024))).statusCode, 201)
  const answer = await text(padded(64 * 1024 + 1))
  assert.equal(answer.statusCode, 413)
  assert.equal(answer.json().code, 'body_too_large')
})

const mediaTypes: [contentType: string, status: number][] = [
  ['application/json', 201],
  ['application/json; charset=utf-8', 201],
  ['Application/JSON;charset="UTF-8"', 201],
  ['application/json; charset=latin1', 415],
  ['text/plain', 415],
  ['text/json', 415],
  ['application/x-www-form-urlencoded', 415],
  ['multipart/form-data; boundary=x', 415],
  ['application/merge-patch+json', 415],
  ['application/jsonx', 415],
  ['nonsense', 415],
]
for (const [contentType, status] of mediaTypes) {
  test(`a body of ${contentType} answers ${status}`, async () => {
    const answer = await text(JSON.stringify(anotherUser()), { 'content-type': contentType })
    assert.equal(answer.statusCode, status, answer.body)
    if (status === 415) assert.equal(answer.json().code, 'unsupported_media_type')
  })
}

test('a body without a type, or compressed, answers 415', async () => {
  assert.equal((await text(JSON.stringify(anotherUser()), {})).statusCode, 415)
  assert.equal((await api.app.inject({ method: 'POST', url: '/api/v1/reviews' })).statusCode, 415)
  const answer = await text(JSON.stringify(anotherUser()), { ...json, 'content-encoding': 'gzip' })
  assert.equal(answer.statusCode, 415)
})

test('a DELETE may come with a body, which nobody reads', async () => {
  const { review_id: id } = (await api.post(anotherUser())).json()
  const url = `/api/v1/reviews/${id}`
  for (const headers of [json, { 'content-type': 'text/plain' }]) {
    const answer = await api.app.inject({ method: 'DELETE', url, payload: '{"a":', headers })
    assert.equal(answer.statusCode, 204, answer.body)
  }
  assert.equal((await api.app.inject({ method: 'DELETE', url, headers: json })).statusCode, 204)
})

for (const field of [
  'user_id',
  'entity_type',
  'entity_id',
  'review_id',
  'version',
  'created_at',
  'deleted_at',
]) {
  test(`PUT of ${field}, which never changes, answers 422`, async () => {
    const review = (await api.post(anotherUser())).json()
    const answer = await api.put(review.review_id, { rating: 1, [field]: review[field] ?? 'x' })
    assert.equal(answer.statusCode, 422)
    assert.deepEqual(answer.json().errors[0].pointer, `/${field}`)
  })
}

test('PUT of content null answers 422: it can be changed and not cleared', async () => {
  const { review_id: id } = (await api.post(anotherUser())).json()
  assert.equal((await api.put(id, { content: null })).statusCode, 422)
  assert.equal((await api.put(id, { rating: null })).statusCode, 422)
})

const queries: [query: string, pointer: string][] = [
  ['limit=0', '/limit'],
  ['limit=101', '/limit'],
  ['limit=-1', '/limit'],
  ['limit=1.5', '/limit'],
  ['limit=1e1', '/limit'],
  ['limit=05', '/limit'],
  ['limit=0x10', '/limit'],
  ['limit=%201', '/limit'],
  ['limit=', '/limit'],
  ['limit', '/limit'],
  ['limit=1&limit=2', '/limit'],
  ['limit=99999999999999999999', '/limit'],
  ['rating=4.3', '/rating'],
  ['rating=five', '/rating'],
  ['sort=best', '/sort'],
  ['sort=', '/sort'],
  ['sort=newest&sort=oldest', '/sort'],
  ['entity_type=', '/entity_type'],
  ['entity_type=%00', '/entity_type'],
  ['entity_id=a&entity_id=b', '/entity_id'],
  ['entity_id[]=a', '/entity_id[]'],
  ['entity_id=%ff', '/entity_id'],
  ['entity_id=%zz', '/entity_id'],
  ['entity_id=%', '/entity_id'],
  [`user_id=${'x'.repeat(201)}`, '/user_id'],
  ['page=2', '/page'],
  ['__proto__=1', '/__proto__'],
  ['constructor=1', '/constructor'],
]
for (const [query, pointer] of queries) {
  test(`GET ?${query.slice(0, 40)} answers 422 and points there`, async () => {
    const answer = await api.app.inject({ method: 'GET', url: `/api/v1/reviews?${query}` })
    assert.equal(answer.statusCode, 422, answer.body)
    assert.deepEqual(
      answer.json().errors.map((error: { in: string; pointer: string }) => [error.in, error.pointer]),
      [['query', pointer]],
    )
  })
}

test('DELETE takes a reason of 500 characters and no other', async () => {
  const { review_id: id } = (await api.post(anotherUser())).json()
  assert.equal((await api.remove(id, { reason: 'x'.repeat(501) })).statusCode, 422)
  assert.equal((await api.remove(id, { why: 'x' })).statusCode, 422)
  assert.equal((await api.remove(id, { reason: '💥'.repeat(500) })).statusCode, 204)
})

const unmatched: [
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS',
  url: string,
  allow: string | null,
][] = [
  ['GET', '/', null],
  ['GET', '/api/v1/review', null],
  ['GET', '/api/v1/reviews/', null],
  ['POST', '/api/v2/reviews', null],
  ['DELETE', '/api/v1/reviews', 'GET, HEAD, POST'],
  ['PUT', '/api/v1/reviews', 'GET, HEAD, POST'],
  ['OPTIONS', '/api/v1/reviews', 'GET, HEAD, POST'],
  ['POST', '/api/v1/reviews/019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c', 'DELETE, GET, HEAD, PUT'],
  ['PATCH', '/api/v1/reviews/019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c', 'DELETE, GET, HEAD, PUT'],
  ['DELETE', '/api/v1/reviews/019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c/history', 'GET, HEAD'],
  ['POST', '/health/live', 'GET, HEAD'],
]
for (const [method, url, allow] of unmatched) {
  test(`${method} ${url} answers ${allow ? `405 and allows ${allow}` : '404'}, whatever the body`, async () => {
    const payload = method === 'GET' ? {} : { payload: '{', headers: json }
    const answer = await api.app.inject({ method, url, ...payload })
    assert.equal(answer.statusCode, allow ? 405 : 404, answer.body)
    assert.equal(answer.json().code, allow ? 'method_not_allowed' : 'not_found')
    assert.equal(answer.headers.allow, allow ?? undefined)
  })
}

test('a path that is not percent-encoded UTF-8 answers 400', async () => {
  for (const url of ['/api/v1/reviews/%ff', '/api/v1/reviews/%zz', '/%', '/api/v1/reviews/%c3%28/history']) {
    const answer = await api.app.inject({ method: 'GET', url })
    assert.equal(answer.statusCode, 400, url)
    assert.equal(answer.json().code, 'malformed_url')
  }
})

for (const id of ['', 'a b', 'ä', 'x'.repeat(129), 'a\tb', '<script>']) {
  test(`for the correlation id ${JSON.stringify(id.slice(0, 10))} comes that of the trace`, async () => {
    const { headers } = await api.list({}, { 'x-correlation-id': id })
    assert.match(String(headers['x-correlation-id']), /^[0-9a-f]{32}$/)
    assert.equal(headers['x-correlation-id'], String(headers.traceparent).split('-')[1])
  })
}

for (const key of ['', ' ', 'a b', 'ä', 'x'.repeat(256)]) {
  test(`the Idempotency-Key ${JSON.stringify(key.slice(0, 10))} answers 422`, async () => {
    const answer = await api.post(anotherUser(), { 'idempotency-key': key })
    assert.equal(answer.statusCode, 422, answer.body)
    assert.equal(answer.json().errors[0].pointer, '/idempotency-key')
  })
}

const beyond = ['019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c', 2 ** 31, 1]
for (const token of ['x', 'bnVsbA', ...[[1, 2, 3], beyond].map(encoded)]) {
  test(`the Consistency-Token ${token} answers 400`, async () => {
    const headers = { 'consistency-token': token }
    for (const url of ['/api/v1/reviews', '/api/v1/entities/product/prod-123/stats']) {
      const answer = await api.app.inject({ url, headers })
      assert.equal(answer.statusCode, 400)
      assert.equal(answer.json().code, 'invalid_consistency_token')
    }
  })
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

const madeByHand: [sort: Sort, place: Place][] = [
  ['newest', { value: 'x', reviewId: 'y' }],
  ['newest', { value: 'x', reviewId: '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c' }],
  ['newest', { value: '+275760-09-13T00:00:00.000Z', reviewId: '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c' }],
  ['oldest', { value: 4.5, reviewId: '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c' }],
  ['highest', { value: 1e300, reviewId: '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c' }],
  ['lowest', { value: '2026-11-23T12:00:00.000Z', reviewId: '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c' }],
]
for (const [sort, place] of madeByHand) {
  test(`a cursor made by hand for the ${sort} after ${place.value} answers 400`, async () => {
    const answer = await api.list({ sort, cursor: encodeCursor(nameOf({ filter: {}, sort }), place) })
    assert.equal(answer.statusCode, 400, answer.body)
    assert.equal(answer.json().code, 'invalid_cursor')
  })
}

for (const query of ['limit=0', 'limit=501', 'after=-1', 'after=2147483648', 'after=x']) {
  test(`a history with ${query} answers 422`, async () => {
    const { review_id: id } = (await api.post(anotherUser())).json()
    const answer = await api.app.inject({ url: `/api/v1/reviews/${id}/history?${query}` })
    assert.equal(answer.statusCode, 422, answer.body)
  })
}
