// Every status, and every code of a problem, that the document names for an operation is really answered. Whether
// each answer is as documented is checked by startTestApi.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { RateLimiter } from '../../src/platform/http/rate-limiter.ts'
import { createVerifier } from '../../src/platform/identity/verifier.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import type { ApiParts } from '../../src/services/api-app.ts'
import { aReview, startTestApi } from '../support/api.ts'
import { type Answer, Documented } from '../support/documented.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { holdKey } from '../support/held-key.ts'
import { type Call, callOf, injected, pathOf, provocations } from '../support/provoked-calls.ts'
import { sendRaw } from '../support/raw-http.ts'
import { asServer, asUser, authConfig } from '../support/tokens.ts'

/** What the document names and an API of this mode cannot answer. */
const unreachable: Record<string, string[]> = {
  // Whoever calls an open API acts as the author.
  'without authentication': ['getReviewHistory review_deleted'],
  'with authentication': [],
}

for (const mode of ['without authentication', 'with authentication']) {
  test(`${mode} every status and code that the document names is answered`, async (t) => {
    const trial = await startTrial(t, mode === 'without authentication')
    for (const route of trial.api.routes) {
      await trial.succeed(route)
      await trial.provoke(route)
    }
    await trial.answerBareSockets()
    await trial.limit()
    await trial.overload()
    assert.deepEqual(trial.missing(), unreachable[mode])
  })
}

type Api = Awaited<ReturnType<typeof startTestApi>>
type Route = Api['routes'][number]

async function startTrial(t: TestContext, open: boolean) {
  const environment = await createTestEnvironment()
  const keys = createPool({ url: environment.DATABASE_URL, size: 2, applicationName: 'test keys' })
  t.after(() => keys.end())
  const start = async (parts: Partial<ApiParts> = {}) => {
    const verify = open ? null : createVerifier(authConfig, keys)
    const api = await withBugs(() => startTestApi(environment, { verify, ...parts }))
    t.after(() => api.stop())
    return api
  }
  const api = await start()
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = api.app.server.address() as AddressInfo
  const documented = new Documented((await api.app.inject('/openapi.json')).json())
  const user = open ? {} : await asUser('user-456', 'admin', 'operator')
  const seen = new Set<string>()

  /** What an answer comes down to: its code, or where it is no problem, its status. */
  const heard = (id: string, { headers, body, statusCode }: Answer): string => {
    const isProblem = String(headers['content-type']).startsWith('application/problem+json')
    const said = isProblem ? JSON.parse(body).code : String(statusCode)
    seen.add(`${id} ${said}`)
    return said
  }
  const send = async (to: Api, { operation: { id } }: Route, call: Call) =>
    heard(id, await to.app.inject(injected(call)))

  /** A call that works, of a review of its own where it is about one. */
  const working = async (route: Route): Promise<Call> => {
    const call = callOf(route, Object.values(route.operation.examples ?? {})[0])
    const headers = { ...call.headers, ...user }
    if (!('review_id' in call.path)) return { ...call, headers }
    const body = { ...aReview, user_id: 'user-456', entity_id: randomUUID() }
    const { review_id } = (await api.post(body, user)).json()
    return { ...call, headers: user, path: { review_id } }
  }
  const expected = documented
    .operations()
    .flatMap(({ operation, pointer }) =>
      outcomesOf(documented, operation, pointer).map((said) => `${operation.operationId} ${said}`),
    )
  const expects = (id: string, said: string) => expected.includes(`${id} ${said}`)

  return {
    api,
    missing: () => expected.filter((outcome) => !seen.has(outcome)),

    succeed: async (route: Route) => {
      const call = await working(route)
      const { id } = route.operation
      // Again, for what is created once and then changed.
      for (let nth = 0; nth < 2; nth += 1) assert.match(await send(api, route, call), /^2/, id)
      const fresh = { ...call, headers: { ...call.headers, 'if-none-match': '"1"' } }
      if (expects(id, '304')) assert.equal(await send(api, route, fresh), '304')
      if (expects(id, '503')) {
        const check = () => Promise.reject(new Error('away'))
        const unready = await start({ dependencies: [{ name: 'postgres', essential: true, check }] })
        assert.equal(await send(unready, route, call), '503')
      }
    },

    provoke: async (route: Route) => {
      const { id } = route.operation
      const call = await working(route)
      for (const [code, change] of Object.entries(provocations)) {
        if (!expects(id, code)) continue
        assert.equal(await send(api, route, { ...call, ...change(call) }), code, `${id} ${code}`)
      }
      const { authorization: _, ...others } = call.headers
      const stranger = open ? { host: 'evil.example' } : await asServer(keys)
      if (expects(id, 'forbidden')) {
        assert.equal(
          await send(api, route, { ...call, headers: { ...others, ...stranger } }),
          'forbidden',
          id,
        )
      }
      if (expects(id, 'idempotency_in_progress')) {
        const pending = { ...call, headers: { ...call.headers, 'Idempotency-Key': 'pending' } }
        const finish = await holdKey(api.reads, { caller: 'user:user-456', key: 'pending' })
        assert.equal(await send(api, route, pending), 'idempotency_in_progress', id)
        await finish()
      }
      const withBug = { ...call, headers: { ...call.headers, 'x-test-bug': 'yes' } }
      assert.equal(await send(api, route, withBug), 'internal', id)
      if (expects(id, 'review_deleted')) {
        await api.remove(call.path.review_id ?? '', {}, user)
        // Its author still reads its history.
        await send(api, route, { ...call, headers: id === 'getReviewHistory' ? {} : user })
      }
    },

    /** What is answered before there is a request. */
    answerBareSockets: async () => {
      const requests = api.routes.map(async (route) => {
        const { id } = route.operation
        const line = `${route.method} ${pathOf(await working(route))} HTTP/1.1\r\n`
        const local = `Host: localhost:${port}\r\n`
        const [noHost, large, late] = await Promise.all([
          sendRaw(port, `${line}Connection: close\r\n\r\n`),
          sendRaw(port, `${line}${local}X: ${'x'.repeat(17_000)}\r\n\r\n`),
          sendRaw(port, `${line}${local}`),
        ])
        assert.equal(heard(id, noHost), 'bad_request')
        assert.equal(heard(id, large), 'headers_too_large')
        assert.equal(heard(id, late), 'request_timeout')
        assert.deepEqual(
          [noHost, large, late].flatMap((answer) => documented.deviations(id, answer)),
          [],
        )
      })
      await Promise.all(requests)
    },

    limit: async () => {
      const addToCounts = async () => new Map<string, number>()
      const limiter = new RateLimiter({ addToCounts, now: () => new Date(), onError: assert.ifError })
      const limited = await start({ limits: { perUser: 0, perKey: 0, perAddress: 0, limiter } })
      for (const route of limited.routes) {
        const said = await send(limited, route, await working(route))
        if (expects(route.operation.id, 'rate_limited')) assert.equal(said, 'rate_limited')
      }
    },

    /** More to do than the process can, for longer than a moment. */
    overload: async () => {
      const calls = await Promise.all(
        api.routes.map(async (route) => ({ route, call: await working(route) })),
      )
      for (let nth = 0; nth < 3; nth += 1) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_300)
        // No more than its timers get a turn.
        await turn()
        await turn()
      }
      for (const { route, call } of calls) assert.equal(await send(api, route, call), 'unavailable')
    },
  }
}

/** Each code of an operation's problems, and each status of what is none. */
function outcomesOf(
  documented: Documented,
  { responses }: ReturnType<Documented['operations']>[number]['operation'],
  pointer: string,
): string[] {
  return Object.entries(responses).flatMap(([status, response]) => {
    const { content = {} } = documented.resolve(response, `${pointer}/responses/${status}`).value
    const { 'application/problem+json': problem, ...others } = content
    const own = problem === undefined || Object.keys(others).length > 0 ? [status] : []
    const { allOf } = (problem?.schema ?? {}) as { allOf?: { properties?: { code: { enum: string[] } } }[] }
    return [...own, ...(allOf?.at(-1)?.properties?.code.enum ?? [])]
  })
}

/** Makes an API whose routes have a bug when a request asks for one. */
async function withBugs<A>(make: () => Promise<A>): Promise<A> {
  const plant = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('preHandler', async ({ headers }) => {
      if (headers['x-test-bug']) throw new TypeError('of undefined')
    })
  }
  subscribe('fastify.initialization', plant)
  return make().finally(() => unsubscribe('fastify.initialization', plant))
}
