import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fastify } from 'fastify'
import { until } from '../../../test/support/until.ts'
import { AppError } from '../errors.ts'
import { boundLoad } from './load.ts'

const apps: ReturnType<typeof fastify>[] = []
after(() => Promise.all(apps.map((app) => app.close())))

/** An app whose one route answers when the test says so; a refusal is 503. */
function bounded(bounds: { maxUnderWay: number; maxDelayMs: number }) {
  const app = fastify()
  apps.push(app)
  app.setErrorHandler((error, _request, reply) =>
    reply.code(error instanceof AppError && error.code === 'unavailable' ? 503 : 500).send(),
  )
  const underWay = boundLoad(app, bounds)
  const held = Promise.withResolvers<void>()
  app.get('/held', () => held.promise)
  app.get('/quick', async () => undefined)
  const ask = async (url: string) => (await app.inject(url)).statusCode
  return { underWay, ask, release: () => held.resolve() }
}

test('what is too much at once is refused at once, until others are done', async () => {
  const { underWay, ask, release } = bounded({ maxUnderWay: 2, maxDelayMs: 60_000 })
  const first = [ask('/held'), ask('/held')]
  await until('both are under way', () => underWay() === 2)
  assert.equal(await ask('/quick'), 503)
  release()
  assert.deepEqual(await Promise.all(first), [200, 200])
  await until('nothing is under way', () => underWay() === 0)
  assert.equal(await ask('/quick'), 200)
})

test('a process that cannot keep up refuses, and takes requests again once it can', async () => {
  const { ask } = bounded({ maxUnderWay: 100, maxDelayMs: 200 })
  assert.equal(await ask('/quick'), 200)
  await until('it refuses', async () => {
    const busyUntil = performance.now() + 500
    while (performance.now() < busyUntil);
    await pause(1)
    return (await ask('/quick')) === 503
  })
  await until('it takes requests again', async () => (await ask('/quick')) === 200)
})

test('a process that stood still once refuses nobody', async () => {
  const { ask } = bounded({ maxUnderWay: 100, maxDelayMs: 200 })
  const stoodStill = performance.now() + 1_500
  while (performance.now() < stoodStill);
  // The look that finds it is due by now, and comes before what waits longer.
  await pause(1)
  assert.equal(await ask('/quick'), 200)
})
