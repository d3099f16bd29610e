import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redact } from './redaction.ts'

const secret = 'hunter2'
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJl'
const key = `trk_3w5e11264sgs_${'aB3_-'.repeat(8)}xyz`

const lines: Readonly<Record<string, unknown>> = {
  'a header': { headers: { authorization: `Bearer ${secret}99`, Cookie: `sid=${secret}` } },
  'several cookies': { headers: { 'set-cookie': [`sid=${secret}; HttpOnly`, `other=${secret}`] } },
  'a field, however deep': { a: { b: { c: { d: [{ password: secret }] } } } },
  'a number': { token: 4_711_000_123 },
  'a value with quotes and backslashes': { password: `"${secret}\\"\\` },
  'JSON within a message': { msg: `body was ${JSON.stringify({ password: secret, email: 'a@b.example' })}` },
  'JSON within JSON within a message': {
    msg: JSON.stringify({ inner: JSON.stringify({ api_key: `${secret}"x` }) }),
  },
  'a connection string': { err: { message: `connect postgres://thereview:${secret}@db:5432/x failed` } },
  'a password that should have been encoded': {
    err: { input: `redis://:p/${secret}@${secret}@cache:6379/0` },
  },
  'a connection string of words': { msg: `host=db user=x password=${secret} dbname=y` },
  'a query': { path: `/health?token=${secret}&x=1` },
  'a header in a text': { err: { stack: `GET / HTTP/1.1\r\nCookie: a=${secret}; b=${secret}\r\nHost: x` } },
  'a word behind an escape': {
    msg: `\ntrk_3w5e11264sgs_abc\npassword=${secret}\tmaria@example.test\u0001maria@example.test\n${jwt}`,
  },
  'credentials in a text': { msg: `refused Basic ${Buffer.from(`u:${secret}`).toString('base64')}` },
  'a token, wherever it stands': { msg: `cannot verify ${jwt}` },
  'an API key, wherever it stands': { id: key },
  'an address': { err: { response: '550 <maria.müller+x@mail.exämple.test> unknown' } },
  'an address in a path': { path: '/api/v1/users/maria%40example.test' },
  'a detail of postgres': { err: { detail: 'Key (email)=(maria@example.test) already exists.' } },
}

const banned = [
  secret,
  '4711000123',
  jwt,
  key,
  'maria',
  'a@b.example',
  Buffer.from(`u:${secret}`).toString('base64'),
]

for (const [what, content] of Object.entries(lines)) {
  test(`${what} is redacted, and the line stays JSON`, () => {
    const line = redact(`${JSON.stringify({ level: 'info', service: 'api', ...Object(content), last: 1 })}\n`)
    for (const text of banned) assert.ok(!line.includes(text), line)
    assert.match(line, /redacted/)
    const { level, service, last }: Record<string, unknown> = JSON.parse(line)
    assert.deepEqual({ level, service, last }, { level: 'info', service: 'api', last: 1 })
  })
}

test('what is no secret stays as it is', () => {
  for (const content of [
    { path: '/api/v1/reviews/0190', method: 'POST', route: '/api/v1/reviews', status: 201, ms: 1.2 },
    { preferences: { email: { review_created: false } }, wants: 'email', channel: 'email' },
    { stack: 'at f (file:///srv/node_modules/@platformatic/kafka/dist/x.js:1:2)', voters: '1@kafka-1:9093' },
    { msg: 'a token that has expired; the basic problem; Bearer JWT', url: 'http://localhost:8081/subjects' },
    { err: { code: 'unauthenticated', message: 'password authentication failed for user "thereview"' } },
  ]) {
    const line = JSON.stringify(content)
    assert.equal(redact(line), line)
  }
})

test('a long line takes a time in proportion to its length', () => {
  const seconds = (line: string) => {
    const began = performance.now()
    redact(line)
    return (performance.now() - began) / 1_000
  }
  for (const piece of [
    ...['a', 'a.', '%40', '@', '"password":"', '"password":[', 'eyJ', '-eyJaaaaa', 'aa://', '\\', '\\"', ' '],
    ...['cookie ', 'bearer ', 'basic a', 'token=', '"token":\\\\', `${'\\'.repeat(31)}"`, 'trk_a_', 'a@a.'],
  ]) {
    const line = `email ${piece.repeat(200_000 / piece.length)}`
    assert.ok(seconds(line) < 2, `${piece} took ${seconds(line)} s`)
  }
})
