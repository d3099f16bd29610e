// The document's examples are true: each request is really sent, and answered as the document shows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InjectOptions } from 'fastify'
import type { Exchange } from '../../src/platform/http/openapi/operation.ts'
import { createTokenVerifier, signToken } from '../../src/platform/identity/tokens.ts'
import { startTestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { projectLog } from '../support/project-log.ts'
import { Story } from '../support/story.ts'

/** All examples of all operations in the order in which they are true, by the minute after 10:30. */
const acts: [minute: number, operation: string, examples: string[]][] = [
  [0, 'getLiveness', ['alive']],
  [0, 'getReadiness', ['degraded']],
  [0, 'createReview', ['review', 'sent_again']],
  [0, 'getReview', ['review', 'unchanged', 'never_was']],
  [0, 'listReviews', ['of_a_product']],
  [0, 'getEntityStatistics', ['with_a_write', 'not_reviewed']],
  [0, 'getEntityTimeSeries', ['three_days', 'backwards']],
  [1, 'createReview', ['ids_of_any_script', 'reviewed_already', 'two_mistakes']],
  [1, 'listReviews', ['first_page', 'last_page', 'cursor_of_another_list']],
  [2, 'updateReview', ['rating_and_title', 'nothing', 'too_late']],
  [3, 'deleteReview', ['with_a_reason', 'again']],
  [3, 'getReview', ['deleted']],
  [3, 'getReviewHistory', ['of_a_deleted_review']],
  [0, 'putUser', ['registered', 'changed']],
  [0, 'getPreferences', ['all', 'unregistered']],
  [0, 'putPreferences', ['fewer', 'unregistered']],
  [0, 'putEntity', ['registered']],
  [0, 'reportViews', ['two']],
]

const secret = 'a-secret-for-tests-of-32-bytes-or-more'
const withSecret = { AUTH_SECRET: secret, AUTH_JWKS_URL: null, AUTH_ISSUER: null, AUTH_AUDIENCE: null }

for (const open of [true, false]) {
  test(`${open ? 'without' : 'with'} authentication every example is answered as it is shown`, async (t) => {
    let minute = 0
    const api = await startTestApi(await createTestEnvironment(), {
      verify: open ? null : createTokenVerifier(withSecret),
      now: () => new Date(Date.UTC(2026, 10, 23, 10, 30 + minute)),
      dependencies: [
        { name: 'postgres', check: async () => undefined, essential: true },
        {
          name: 'kafka',
          check: () => Promise.reject(Object.assign(new Error('away'), { name: 'TimeoutError' })),
        },
        { name: 'redis', check: async () => undefined },
        { name: 'schema_registry', check: async () => undefined },
      ],
    })
    t.after(() => api.stop())
    const token = await signToken(secret, { subject: 'user-456', roles: ['admin'], expiresInSeconds: 60 })
    const credentials = open ? {} : { authorization: `Bearer ${token}` }
    const story = new Story()

    for (const [at, id, names] of acts) {
      minute = at
      if (id === 'getEntityStatistics') await projectLog(api.reads, api.cache)
      const { method, url, operation } =
        api.routes.find(({ operation }) => operation.id === id) ?? assert.fail(id)
      for (const name of names) {
        const exchange = operation.examples?.[name] ?? assert.fail(`${id} ${name}`)
        const told = story.told(exchange)
        const answer = await api.app.inject(requestOf({ method, url }, told, credentials))
        assert.equal(answer.statusCode, exchange.status, `${id} ${name}: ${answer.body}`)
        const expected = exchange.answer === undefined ? '' : steady(exchange.answer)
        story.compare(expected, answer.body === '' ? '' : steady(answer.json()))
        for (const [header, value] of Object.entries(exchange.answerHeaders ?? {})) {
          story.compare(value, answer.headers[header.toLowerCase()])
        }
      }
    }

    const played = acts.flatMap(([, id, names]) => names.map((name) => `${id} ${name}`))
    const shown = api.routes.flatMap(({ operation: { id, examples = {} } }) =>
      Object.keys(examples).map((name) => `${id} ${name}`),
    )
    assert.deepEqual(played.toSorted(), shown.toSorted())
  })
}

function requestOf(
  { method, url }: { method: string; url: string },
  { path: parameters = {}, query = {}, headers = {}, body }: Exchange,
  credentials: Record<string, string>,
): InjectOptions {
  const path = url.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''))
  return {
    method: method as 'GET',
    url: path,
    query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
    headers: {
      // Those that the examples are from.
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      'x-correlation-id': 'req-7f3a',
      ...credentials,
      ...headers,
    },
    ...(body === undefined ? {} : { payload: body as object }),
  }
}

/** How long a dependency took is the one thing that nobody can foretell. */
function steady(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer), (key, value) => (key === 'latency_ms' ? 0 : value))
}
