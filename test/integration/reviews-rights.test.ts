// With authentication: who may write, change, delete and read what.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { verifyAudit } from '../../src/platform/audit/audit.ts'
import { createTokenVerifier, signToken } from '../../src/platform/identity/tokens.ts'
import { aReview, startTestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'

const secret = 'a-secret-for-tests-of-32-bytes-or-more'
const verify = createTokenVerifier({
  AUTH_SECRET: secret,
  AUTH_JWKS_URL: null,
  AUTH_ISSUER: null,
  AUTH_AUDIENCE: null,
})
const api = await startTestApi(await createTestEnvironment(), { verify })
after(() => api.stop())

type Roles = Parameters<typeof signToken>[1]['roles']
const as = async (subject: string, roles: Roles = []) => ({
  authorization: `Bearer ${await signToken(secret, { subject, roles, expiresInSeconds: 60 })}`,
})
const { user_id: _, ...unsigned } = aReview

async function created(subject: string) {
  const answer = await api.post(unsigned, await as(subject))
  assert.equal(answer.statusCode, 201, answer.body)
  return answer.json()
}

test('the token says who the author is; the same user_id may say it again, another is 403', async () => {
  assert.equal((await created('alice')).user_id, 'alice')
  assert.equal((await api.post({ ...aReview, user_id: 'bob' }, await as('bob'))).json().user_id, 'bob')
  const answer = await api.post({ ...aReview, user_id: 'alice' }, await as('mallory'))
  assert.equal(answer.statusCode, 403)
  assert.equal(answer.json().code, 'forbidden')
})

test('without a token, or with one that is refused, no write: 401, whatever the body', async () => {
  const { review_id: id } = await created('carol')
  const refused = ['', 'Bearer', 'Bearer x', 'Basic dXNlcjpwYXNz', 'Bearer a.b.c', 'Bearer a b']
  for (const headers of [{}, ...refused.map((authorization) => ({ authorization }))]) {
    for (const answer of [
      await api.post({ nonsense: true }, headers),
      await api.put(id, { rating: 1 }, headers),
      await api.remove(id, {}, headers),
    ]) {
      assert.equal(answer.statusCode, 401, answer.body)
      assert.equal(answer.json().code, 'unauthenticated')
      assert.match(String(answer.headers['www-authenticate']), /^Bearer( error="invalid_token")?$/)
    }
  }
  assert.equal((await api.get(id)).json().version, 1)
})

test('users change and delete their own reviews and no others', async () => {
  const { review_id: id } = await created('dave')
  assert.equal((await api.put(id, { rating: 1 }, await as('erin'))).statusCode, 403)
  assert.equal((await api.put(id, { rating: 1 }, await as('erin', ['moderator', 'admin']))).statusCode, 403)
  assert.equal((await api.remove(id, { reason: 'x' }, await as('erin'))).statusCode, 403)
  assert.equal((await api.put(id, { rating: 1 }, await as('dave'))).statusCode, 200)
  assert.equal((await api.remove(id, {}, await as('dave'))).statusCode, 204)
  assert.equal((await api.remove(id, {}, await as('dave'))).statusCode, 204)
})

test('moderators delete any, with a reason, and the event says who', async () => {
  const { review_id: id } = await created('frank')
  const moderator = await as('mod', ['moderator'])
  const answer = await api.remove(id, {}, moderator)
  assert.equal(answer.statusCode, 422)
  assert.equal(answer.json().errors[0].pointer, '/reason')
  assert.equal((await api.remove(id, { reason: 'Spam' }, moderator)).statusCode, 204)
  const { rows } = await api.reads.query(
    "select data ->> 'deleted_by' as by, data ->> 'user_id' as author, metadata ->> 'user_id' as actor from events where aggregate_id = $1 and aggregate_version = 2",
    [id],
  )
  assert.deepEqual(rows, [{ by: 'mod', author: 'frank', actor: 'mod' }])
})

test('what moderators delete stands in the audit, once, and what authors delete does not', async () => {
  const reviews = await Promise.all(Array.from({ length: 8 }, (_, n) => created(`author-${n}`)))
  const moderator = await as('mod-2', ['moderator'])
  await Promise.all([
    ...reviews.map(({ review_id: id }) => api.remove(id, { reason: 'Spam, by Ann' }, moderator)),
    ...reviews.map(({ review_id: id }) => api.remove(id, { reason: 'Again' }, moderator)),
  ])
  const { review_id: own } = await created('author-0')
  await api.remove(own, {}, await as('author-0'))
  const { rows } = await api.reads.query<{ actor: string; action: string; target: string; details: object }>(
    "select actor, action, target, details from audit where actor <> 'mod'",
  )
  assert.deepEqual(
    rows.toSorted((a, b) => (a.target < b.target ? -1 : 1)),
    reviews
      .map(({ review_id: target }) => ({
        actor: 'mod-2',
        action: 'review.deleted',
        target,
        details: { version: 2 },
      }))
      .toSorted((a, b) => (a.target < b.target ? -1 : 1)),
  )
  assert.equal((await verifyAudit(api.reads)).brokenAt, null)
})

test('reads are public, but for the history of a deleted review', async () => {
  const { review_id: id } = await created('grace')
  assert.equal((await api.get(id)).statusCode, 200)
  assert.equal((await api.history(id)).statusCode, 200)
  await api.remove(id, {}, await as('grace'))
  const history = async (headers: Record<string, string>) =>
    (await api.app.inject({ url: `/api/v1/reviews/${id}/history`, headers })).statusCode
  assert.equal(await history({}), 410)
  assert.equal(await history(await as('heidi')), 410)
  assert.equal(await history(await as('grace')), 200)
  assert.equal(await history(await as('mod', ['moderator'])), 200)
})

test('an idempotency key belongs to the caller', async () => {
  const key = { 'idempotency-key': 'k' }
  const first = await api.post({ ...unsigned, entity_id: 'keyed' }, { ...(await as('ivan')), ...key })
  const other = await api.post({ ...unsigned, entity_id: 'keyed' }, { ...(await as('judy')), ...key })
  assert.equal(other.statusCode, 201)
  assert.notEqual(other.body, first.body)
  const again = await api.post({ ...unsigned, entity_id: 'keyed' }, { ...(await as('ivan')), ...key })
  assert.equal(again.body, first.body)
})

test('with authentication any Host and Origin may call: the token is what counts', async () => {
  const answer = await api.app.inject({
    url: '/api/v1/reviews',
    headers: { host: 'shop.example', origin: 'https://shop.example' },
  })
  assert.equal(answer.statusCode, 200)
})
