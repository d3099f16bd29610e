import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { fastify } from 'fastify'
import { type EventStream, EventStreams } from './event-stream.ts'

test('to a reader that does not read, nothing is written any more once the stream has ended', async () => {
  const streams = new EventStreams()
  const { promise: opened, resolve } = Promise.withResolvers<EventStream>()
  const app = fastify().decorateRequest('caller', null)
  app.get('/', (request, reply) => resolve(streams.open(request, reply)))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const reader = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  reader.pause()
  reader.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')

  const stream = await opened
  while (stream.send('tick', 'x'.repeat(100_000))) await new Promise(setImmediate)
  stream.end()
  assert.equal(stream.send('tick', 'too late'), false)
  const left = once(stream.signal, 'abort')
  reader.destroy()
  await left
  await app.close()
})
