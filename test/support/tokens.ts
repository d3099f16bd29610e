import { createApiKey } from '../../src/platform/identity/api-keys.ts'
import type { Role, Scope } from '../../src/platform/identity/identity.ts'
import { signToken } from '../../src/platform/identity/tokens.ts'
import type { Queryable } from '../../src/platform/postgres/pool.ts'

/** A shared secret, as `AUTH_SECRET` holds it. */
export const testSecret = 'a-secret-for-tests-of-32-bytes-or-more'

export const authConfig = {
  AUTH_SECRET: testSecret,
  AUTH_JWKS_URL: null,
  AUTH_ISSUER: null,
  AUTH_AUDIENCE: null,
}

export const bearer = (credentials: string) => ({ authorization: `Bearer ${credentials}` })

/** The header of a user with a token. */
export async function asUser(subject: string, ...roles: readonly Role[]) {
  return bearer(await signToken(testSecret, { subject, roles, expiresInSeconds: 300 }))
}

/** The header of a server with a key of its own. */
export async function asServer(db: Queryable, ...scopes: readonly Scope[]) {
  const { key } = await createApiKey(db, { name: 'test', scopes, expiresAt: null }, 'test')
  return bearer(key)
}
