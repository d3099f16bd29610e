import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { lookAt } from './service-health.ts'

async function serviceThatSays(context: TestContext, health: object, metrics: string): Promise<string> {
  const server = createServer(({ url }, response) => {
    response.end(url === '/metrics' ? metrics : JSON.stringify(health))
  }).listen(0, '127.0.0.1')
  context.after(() => server.close())
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : assert.fail('no port')
}

test('a worker that waits is degraded, and what is away is what it waits for, not its consumer', async (context) => {
  const dependencies = { redis: { status: 'down' }, consumer: { status: 'down' }, postgres: { status: 'up' } }
  const url = await serviceThatSays(context, { dependencies }, 'thereview_consumer_waiting{group="g"} 1\n')
  const { state, away, waiting } = await lookAt({ name: 'cache-worker', url })
  assert.deepEqual({ state, away, waiting }, { state: 'degraded', away: ['redis'], waiting: true })
})

test('what does not answer is down', async () => {
  const { state, hangs } = await lookAt({ name: 'relay', url: 'http://127.0.0.1:1' })
  assert.deepEqual({ state, hangs }, { state: 'down', hangs: false })
})
