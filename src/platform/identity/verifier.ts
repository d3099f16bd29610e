import type { Queryable } from '../postgres/pool.ts'
import { createApiKeyVerifier, looksLikeApiKey } from './api-keys.ts'
import type { Identity } from './identity.ts'
import { type AuthConfig, createTokenVerifier } from './tokens.ts'

/** Proves what a Bearer carries, a token or an API key; null without authentication, when nobody need prove anything. */
export function createVerifier(
  config: AuthConfig,
  db: Queryable,
): ((credentials: string) => Promise<Identity>) | null {
  const verifyToken = createTokenVerifier(config)
  if (!verifyToken) return null
  const verifyKey = createApiKeyVerifier(db)
  return (credentials) => (looksLikeApiKey(credentials) ? verifyKey(credentials) : verifyToken(credentials))
}
