// Keys and entity tags under concurrency, over two APIs that share a database: one write for a key, one winner for a
// version.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { startTestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'

const environment = await createTestEnvironment()
const apis = [await startTestApi(environment), await startTestApi(environment)] as const
after(async () => {
  for (const api of apis) await api.stop()
})
const apiOf = (nth: number) => apis[nth % 2] ?? apis[0]

const attempts = fc.array(fc.record({ key: fc.nat(2), body: fc.nat(1), api: fc.nat(1) }), {
  minLength: 2,
  maxLength: 14,
})

test('ten equal keys at once are one review: each answer is the same, and another body is refused', async () => {
  const few = { key: fc.constant(0), body: fc.constant(0), api: fc.nat(1) }
  const equal = fc.array(fc.record(few), { minLength: 10, maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(fc.oneof(equal, attempts), async (requests) => {
      const user_id = randomUUID()
      const answers = await Promise.all(
        requests.map(async ({ key, body, api }) => {
          const wanted = {
            entity_type: 'product',
            entity_id: `of key ${key}`,
            user_id,
            rating: body + 1,
            content: 'x',
          }
          const answer = await apiOf(api).post(wanted, { 'idempotency-key': `key-${key}` })
          return {
            key,
            body,
            status: answer.statusCode,
            text: answer.body,
            replayed: answer.headers['idempotent-replayed'],
          }
        }),
      )
      for (const key of new Set(requests.map((request) => request.key))) {
        const ofKey = answers.filter((answer) => answer.key === key)
        const done = ofKey.filter(({ status }) => status === 201)
        assert.equal(new Set(done.map(({ text }) => text)).size, 1, JSON.stringify(ofKey))
        assert.equal(done.filter(({ replayed }) => replayed === undefined).length, 1)
        const winner = done[0]?.body
        assert.ok(done.every(({ body }) => body === winner))
        for (const { status, text } of ofKey.filter(({ body }) => body !== winner)) {
          assert.equal(status, 422)
          assert.equal(JSON.parse(text).code, 'idempotency_key_reused')
        }
        assert.equal(ofKey.filter(({ body }) => body === winner).length, done.length)
      }
      const keys = new Set(requests.map(({ key }) => key)).size
      const { rows } = await apis[0].reads.query(
        "select count(*)::int as count from events where data ->> 'user_id' = $1",
        [user_id],
      )
      assert.equal(rows[0].count, keys, 'one event for each key')
    }),
    { numRuns: 40 },
  )
})

test('of several writers with one entity tag one wins, and the others hear that they did not', async () => {
  const writers = fc.array(
    fc.record({
      api: fc.nat(1),
      deletes: fc.constantFrom(false, false, false, true),
      stars: fc.integer({ min: 2, max: 5 }),
    }),
    { minLength: 2, maxLength: 10 },
  )
  await fc.assert(
    fc.asyncProperty(writers, fc.integer({ min: 1, max: 3 }), async (all, rounds) => {
      const body = {
        entity_type: 'product',
        entity_id: randomUUID(),
        user_id: randomUUID(),
        rating: 1,
        content: 'x',
      }
      const { review_id: id } = (await apis[0].post(body)).json()
      for (let round = 1; round <= rounds; round += 1) {
        const seen = await apis[1].get(id)
        if (seen.statusCode === 410) break
        const headers = { 'if-match': String(seen.headers.etag) }
        // No two write the same, and none what is there: a change that changes nothing has no winner.
        const answers = await Promise.all(
          all.map(async ({ api, deletes, stars }, nth) =>
            deletes
              ? apiOf(api).remove(id, {}, headers)
              : apiOf(api).put(id, { rating: stars, content: `round ${round}, writer ${nth}` }, headers),
          ),
        )
        const statuses = answers.map(({ statusCode }) => statusCode)
        const isDeleted = (await apis[0].get(id)).statusCode === 410
        if (isDeleted) {
          // Whoever deletes what is deleted has what they want; whoever changes it hears that it is gone.
          assert.ok(
            statuses.every((status) => [204, 410, 412].includes(status)),
            statuses.join(),
          )
          const updates = statuses.filter((_, nth) => !all[nth]?.deletes)
          assert.ok(
            updates.every((status) => status !== 200),
            statuses.join(),
          )
        } else {
          assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join())
          assert.ok(
            statuses.every((status) => status === 200 || status === 412),
            statuses.join(),
          )
        }
      }
      const { items } = (await apis[0].history(id)).json()
      const versions = items.map((item: { aggregate_version: number }) => item.aggregate_version)
      assert.deepEqual(
        versions,
        versions.map((_: number, index: number) => index + 1),
      )
    }),
    { numRuns: 40 },
  )
})
