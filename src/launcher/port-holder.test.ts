import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import type { Part, Port } from './part.ts'
import { listeningInodes, refuseTakenPorts, takenMessage } from './port-holder.ts'

const apiPort = { number: 8000, variable: 'API_PORT', base: 8000 }

test('a taken port is refused with the process that holds it and the variable that moves it', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  assert(address !== null && typeof address === 'object')

  const refusal = refuseTakenPorts([
    partOn({ number: address.port, variable: 'API_PORT', base: address.port }),
  ])
  await assert.rejects(refusal, (error: Error) => {
    assert.match(
      error.message,
      new RegExp(`^Port ${address.port} for api is taken by process ${process.pid} \\(`),
    )
    assert.match(error.message, /choose another port: API_PORT=\d+$/)
    return true
  })
})

test('a free port is not refused', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert(address !== null && typeof address === 'object')
  await new Promise((resolve) => server.close(resolve))
  await refuseTakenPorts([partOn({ ...apiPort, number: address.port })])
})

test('the message works without a holder that this user may see', () => {
  assert.equal(
    takenMessage('api', apiPort, undefined),
    'Port 8000 for api is taken by a process that this user may not see. End it, or choose another port: API_PORT=18000',
  )
})

test('the second broker is moved by moving the first', () => {
  const message = takenMessage('kafka-2', { number: 9093, variable: 'KAFKA_PORT', base: 9092 }, undefined)
  assert.match(message, /KAFKA_PORT=19092$/)
})

test('finds listening sockets, and only those, in the table of the kernel', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0',
    '   1: 0100007F:1F40 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1',
    '   2: 0100007F:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0',
  ].join('\n')
  assert.deepEqual(listeningInodes(table, 8000), ['4711'])
})

function partOn(port: Port): Part {
  return {
    name: 'api',
    ports: [port],
    command: () => ({ file: 'none', args: [] }),
    isReady: async () => true,
    stop: { signal: 'SIGTERM', deadlineMs: 1_000 },
  }
}
