import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { AppError } from '../errors.ts'
import { createTokenVerifier, signToken } from './tokens.ts'

const secret = 'a-secret-for-tests-of-32-bytes-or-more'
const none = { AUTH_JWKS_URL: null, AUTH_SECRET: null, AUTH_ISSUER: null, AUTH_AUDIENCE: null }

function verifier(config: Partial<typeof none> | Record<string, string>) {
  return createTokenVerifier({ ...none, ...config }) ?? assert.fail('local mode')
}

const refusedAs = (code: string, why: RegExp) => (error: unknown) =>
  error instanceof AppError && error.code === code && why.test(error.message)

const inAnHour = Math.floor(Date.now() / 1000) + 3600

test('with neither keys nor a secret there is nothing to verify', () => {
  assert.equal(createTokenVerifier(none), null)
})

test('keys and a secret together are refused', () => {
  assert.throws(() => verifier({ AUTH_JWKS_URL: 'http://localhost/keys', AUTH_SECRET: secret }), /both set/)
})

test('a token of the secret proves its subject and the roles that exist', async () => {
  const token = await new SignJWT({ roles: ['moderator', 'emperor', 7] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('user-1')
    .setExpirationTime(inAnHour)
    .sign(new TextEncoder().encode(secret))
  assert.deepEqual(await verifier({ AUTH_SECRET: secret })(token), {
    kind: 'user',
    subject: 'user-1',
    roles: new Set(['moderator']),
    expiresAt: (inAnHour + 5) * 1000,
  })
})

const claims = { subject: 'user-1', roles: [], expiresInSeconds: 60 }
const signed = (payload: Record<string, unknown>, alg: string) =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret))
const sign = (payload: Record<string, unknown>) => signed(payload, 'HS256')

const refused: [name: string, token: () => string | Promise<string>, why: RegExp][] = [
  ['rubbish', () => 'rubbish', /not a JWT/],
  ['alg none', () => new UnsecuredJWT({ sub: 'u', exp: inAnHour }).encode(), /refused/],
  ['another secret', () => signToken(`another-${secret}`, claims), /signature/],
  ['expired', () => signToken(secret, { ...claims, expiresInSeconds: -60 }), /expired/],
  ['no exp', () => sign({ sub: 'u' }), /`exp`/],
  ['no sub', () => sign({ exp: inAnHour }), /`sub`/],
  ['an empty sub', () => sign({ sub: '', exp: inAnHour }), /`sub`/],
  ['a sub that no database holds', () => sign({ sub: 'u\u0000', exp: inAnHour }), /`sub`/],
  ['a sub of half a character', () => sign({ sub: 'u\ud800', exp: inAnHour }), /`sub`/],
  ['a sub that is too long', () => sign({ sub: 'u'.repeat(201), exp: inAnHour }), /`sub`/],
  ['a sub that is no text', () => sign({ sub: 7, exp: inAnHour }), /`sub`/],
  ['another algorithm', () => signed({ sub: 'u', exp: inAnHour }, 'HS512'), /algorithm/],
  ['another audience', () => signToken(secret, { ...claims, audience: 'https://evil.example' }), /`aud`/],
  ['huge', () => sign({ sub: 'u', exp: inAnHour - 7200, padding: 'x'.repeat(1_000_000) }), /expired/],
  ['not valid yet', () => sign({ sub: 'u', exp: inAnHour, nbf: inAnHour - 60 }), /`nbf`/],
  ['another issuer', () => signToken(secret, { ...claims, issuer: 'https://evil.example' }), /`iss`/],
]

for (const [name, token, why] of refused) {
  test(`refused: ${name}`, async () => {
    const verify = verifier({
      AUTH_SECRET: secret,
      ...(name === 'another issuer' ? { AUTH_ISSUER: 'https://shop.example' } : {}),
      ...(name === 'another audience' ? { AUTH_AUDIENCE: 'https://shop.example' } : {}),
    })
    await assert.rejects(async () => verify(await token()), refusedAs('unauthenticated', why))
  })
}

test('a token of the key set passes, of a foreign key or of a symmetric algorithm not; a rotated key is found', async (t) => {
  const first = await key('first')
  const second = await key('second')
  const published: JWK[] = [first.jwk]
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const verify = verifier({ AUTH_JWKS_URL: `http://127.0.0.1:${port}/keys` })

  assert.equal((await verify(await first.sign())).subject, 'user-1')
  await assert.rejects(verify(await second.sign()), refusedAs('unauthenticated', /key is unknown/))
  await assert.rejects(
    verify(await signToken(JSON.stringify(first.jwk), claims)),
    refusedAs('unauthenticated', /algorithm/),
  )

  published.push(second.jwk)
  const afterRotation = verifier({ AUTH_JWKS_URL: `http://127.0.0.1:${port}/keys` })
  assert.equal((await afterRotation(await second.sign())).subject, 'user-1')
})

const noKeySet: [what: string, status: number, body: string][] = [
  ['an error of its server', 502, 'bad gateway'],
  ['a page', 200, '<html>'],
  ['JSON of another kind', 200, '{"error":"maintenance"}'],
]
for (const [what, status, body] of noKeySet) {
  test(`a key set that is ${what} is no fault of the token`, async (t) => {
    const server = createServer((_request, response) => response.writeHead(status).end(body))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const { port } = server.address() as AddressInfo
    const { sign } = await key('k')
    const verify = verifier({ AUTH_JWKS_URL: `http://127.0.0.1:${port}/keys` })
    await assert.rejects(verify(await sign()), refusedAs('unavailable', /key set/))
  })
}

test('a key set that cannot be had is no fault of the token', async () => {
  const verify = verifier({ AUTH_JWKS_URL: 'http://127.0.0.1:1/keys' })
  const { sign: signWith } = await key('k')
  await assert.rejects(verify(await signWith()), refusedAs('unavailable', /key set/))
})

async function key(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' },
    sign: () =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid })
        .setSubject('user-1')
        .setExpirationTime('1 h')
        .sign(privateKey),
  }
}
