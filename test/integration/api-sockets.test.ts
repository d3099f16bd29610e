// What only a real socket shows: who may call, requests that never become one, slow clients, and an orderly end.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { aReview, startTestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { until } from '../support/until.ts'

const environment = await createTestEnvironment()
const api = await startTestApi(environment, { allowedHosts: ['reviews.internal'] })
await api.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = api.app.server.address() as AddressInfo
after(() => api.stop())

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends bytes and gives what came back until the server closed. */
async function raw(bytes: string | Buffer, to: number = port): Promise<Answer> {
  const socket = connect(to, '127.0.0.1')
  socket.write(bytes)
  return answerOf(await text(socket))
}

function answerOf(received: string): Answer {
  const [head = '', ...rest] = received.split('\r\n\r\n')
  const [line = '', ...fields] = head.split('\r\n')
  const headers = fields.map((field): [string, string] => {
    const [name = '', ...value] = field.split(': ')
    return [name.toLowerCase(), value.join(': ')]
  })
  return {
    status: Number(line.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: rest.join('\r\n\r\n'),
  }
}

const get = (path: string, headers: string) => `GET ${path} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`
const local = `Host: localhost:${port}\r\n`

const hosts: [host: string, status: number][] = [
  ['localhost', 200],
  ['LOCALHOST:8000', 200],
  ['127.0.0.1:1', 200],
  ['[::1]:8000', 200],
  ['reviews.internal:8000', 200],
  ['evil.example', 403],
  ['localhost.evil.example', 403],
  ['127.0.0.1.nip.io', 403],
  ['localhost@evil.example', 403],
  ['localhost:8000:80', 403],
  ['', 403],
  ['0.0.0.0', 403],
  ['10.0.0.1:8000', 403],
]
for (const [host, status] of hosts) {
  test(`the Host "${host}" answers ${status}`, async () => {
    const answer = await raw(get('/api/v1/reviews', `Host: ${host}\r\n`))
    assert.equal(answer.status, status, answer.body)
    if (status === 403) assertRefused(answer, host)
  })
}

const origins: [origin: string, status: number][] = [
  [`http://localhost:${port}`, 200],
  ['http://evil.example', 403],
  ['http://localhost:3000', 403],
  [`https://localhost:${port}`, 403],
  ['null', 403],
  ['', 403],
]
for (const [origin, status] of origins) {
  test(`the Origin "${origin.replace(String(port), 'its own')}" answers ${status}`, async () => {
    const answer = await raw(get('/api/v1/reviews', `${local}Origin: ${origin}\r\n`))
    assert.equal(answer.status, status, answer.body)
    assert.equal(answer.headers['access-control-allow-origin'], undefined)
    if (status === 403) assertRefused(answer, origin)
  })
}

function assertRefused({ body }: Answer, named: string): void {
  const { code, detail } = JSON.parse(body)
  assert.equal(code, 'forbidden')
  assert.ok(detail.includes(JSON.stringify(named)), detail)
}

test('a foreign page cannot write either, not even by a form', async () => {
  const body = JSON.stringify({ ...aReview, user_id: 'forged' })
  const send = (type: string) =>
    raw(
      `POST /api/v1/reviews HTTP/1.1\r\n${local}Origin: http://evil.example\r\nContent-Type: ${type}\r\n` +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    )
  for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
    assert.equal((await send(type)).status, 403)
  }
  const { rows } = await api.reads.query("select from reviews where user_id = 'forged'")
  assert.equal(rows.length, 0)
})

const unreadable: [name: string, bytes: string | Buffer, status: number, code: string][] = [
  ['no HTTP', 'hello\r\n\r\n', 400, 'bad_request'],
  ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]), 400, 'bad_request'],
  ['a method that is none', `FOO / HTTP/1.1\r\n${local}\r\n`, 400, 'bad_request'],
  ['CONNECT', `CONNECT evil.example:443 HTTP/1.1\r\n${local}\r\n`, 400, 'bad_request'],
  ['no Host', get('/', ''), 400, 'bad_request'],
  ['headers of 20 KiB', get('/', `${local}X: ${'x'.repeat(20_000)}\r\n`), 431, 'headers_too_large'],
  ['a path of 20 KiB', get(`/${'x'.repeat(20_000)}`, local), 431, 'headers_too_large'],
  ['a space in the path', get('/a b', local), 400, 'bad_request'],
  [
    'two lengths',
    `POST /api/v1/reviews HTTP/1.1\r\n${local}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
    400,
    'bad_request',
  ],
  [
    'a length and chunks',
    `POST /api/v1/reviews HTTP/1.1\r\n${local}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    'bad_request',
  ],
]
for (const [name, bytes, status, code] of unreadable) {
  test(`${name} answers ${status} as a problem`, async () => {
    const answer = await raw(bytes)
    assert.equal(answer.status, status, answer.body)
    assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/)
    const problem = JSON.parse(answer.body)
    assert.equal(problem.code, code)
    assert.match(problem.trace_id, /^[0-9a-f]{32}$/)
  })
}

test('a CONNECT whose client goes away, or never does, harms nobody and does not stay', async () => {
  for (let nth = 0; nth < 20; nth += 1) {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`CONNECT evil.example:443 HTTP/1.1\r\n${local}\r\n`, () => socket.resetAndDestroy())
    await once(socket, 'close')
  }
  const silent = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  silent.write(`CONNECT evil.example:443 HTTP/1.1\r\n${local}\r\n`)
  assert.equal(answerOf(await text(silent)).status, 400)
  await until('no connection is left', async () => {
    const open = await new Promise<number>((resolve) =>
      api.app.server.getConnections((_error, count) => resolve(count)),
    )
    return open === 0
  })
  silent.destroy()
  assert.equal((await raw(get('/health/live', local))).status, 200)
})

test('what is no HTTP is told where it stops being so', async () => {
  const answer = await raw(`FOO / HTTP/1.1\r\n${local}\r\n`)
  assert.match(JSON.parse(answer.body).detail, /: Invalid method/)
})

test('10 MB are refused before they are sent, with and without a length, and the connection is closed', async () => {
  const head = `POST /api/v1/reviews HTTP/1.1\r\n${local}Content-Type: application/json\r\n`
  const withLength = await raw(`${head}Content-Length: 10000000\r\n\r\n`)
  assert.equal(withLength.status, 413)
  const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
  const chunked = await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`)
  assert.equal(chunked.status, 413)
  assert.equal(JSON.parse(chunked.body).code, 'body_too_large')
})

test('whoever sends 10 MB all the same finds the answer', async () => {
  const body = ' '.repeat(10_000_000)
  const head = `POST /api/v1/reviews HTTP/1.1\r\n${local}Content-Type: application/json\r\n`
  for (const connection of ['keep-alive', 'close']) {
    const lengthy = `Connection: ${connection}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    const chunked = `Connection: ${connection}\r\nTransfer-Encoding: chunked\r\n\r\n989680\r\n${body}\r\n0\r\n\r\n`
    for (const rest of [lengthy, chunked]) {
      const answer = await raw(`${head}${rest}`)
      assert.equal(answer.status, 413)
      assert.equal(JSON.parse(answer.body).code, 'body_too_large')
    }
  }
})

test('raw bytes beyond ASCII in a path answer 400', async () => {
  const answer = await raw(Buffer.from(get('/api/v1/reviews/\xe9', local), 'latin1'))
  assert.equal(answer.status, 400)
})

test('half-open connections slow nobody and are closed', async () => {
  const sockets: Socket[] = []
  for (let nth = 0; nth < 200; nth += 1) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => socket.destroy())
    socket.write(`POST /api/v1/reviews HTTP/1.1\r\n${local}Content-Type: application/json\r\n`)
    sockets.push(socket)
  }
  const started = performance.now()
  for (let nth = 0; nth < 20; nth += 1) assert.equal((await raw(get('/health/live', local))).status, 200)
  assert.ok(performance.now() - started < 2_000)
  for (const socket of sockets) socket.destroy()
})

test('a request whose headers never end is 408 after its time', async () => {
  const answer = await raw(`GET / HTTP/1.1\r\n${local}`)
  assert.equal(answer.status, 408)
  assert.equal(JSON.parse(answer.body).code, 'request_timeout')
})

test('while it drains it finishes what is under way, says that it is not ready, and closes its connections', async () => {
  let draining = false
  const ending = await startTestApi(environment, { isDraining: () => draining })
  await ending.app.listen({ host: '127.0.0.1', port: 0 })
  const { port: to } = ending.app.server.address() as AddressInfo

  const idle = connect(to, '127.0.0.1')
  idle.write(`GET /health/live HTTP/1.1\r\n${local}\r\n`)
  await once(idle, 'data')

  const lock = await api.reads.connect()
  await lock.query('begin')
  await lock.query('select from log_head for update')
  const body = JSON.stringify({ ...aReview, user_id: 'under way' })
  const underWay = request({
    port: to,
    host: '127.0.0.1',
    method: 'POST',
    path: '/api/v1/reviews',
    headers: { 'content-type': 'application/json' },
  })
  const response = once(underWay, 'response')
  underWay.end(body)
  await until('the write waits', async () => {
    const { rows } = await api.reads.query(
      "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    )
    return rows.length > 0
  })

  draining = true
  const closed = once(idle, 'close')
  const stopped = ending.stop()
  const ready = await raw(get('/health/ready', local), to)
  assert.equal(ready.status, 503)
  assert.equal(JSON.parse(ready.body).status, 'draining')
  await lock.query('rollback')
  lock.release()
  const [answer] = await response
  assert.equal(answer.statusCode, 201)
  assert.equal(answer.headers.connection, 'close')
  await text(answer)
  await Promise.all([stopped, closed])
  await assert.rejects(raw(get('/health/live', local), to), { code: 'ECONNREFUSED' })
})
