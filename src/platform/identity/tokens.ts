import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify, SignJWT } from 'jose'
import type { Config } from '../config.ts'
import { AppError, unavailable } from '../errors.ts'
import { type Identity, isRole, isUserId, type Role } from './identity.ts'

/** @throws {AppError} `unauthenticated`, or a retryable `unavailable` when the keys cannot be had */
export type TokenVerifier = (token: string) => Promise<Identity>

const asymmetric = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
]

/** How far the clocks of whoever issues tokens may be from ours. */
const toleranceSeconds = 5

export type AuthConfig = Pick<Config, 'AUTH_JWKS_URL' | 'AUTH_SECRET' | 'AUTH_ISSUER' | 'AUTH_AUDIENCE'>

/** Null in local mode, when neither keys nor a secret are configured. */
export function createTokenVerifier(config: AuthConfig): TokenVerifier | null {
  const { AUTH_JWKS_URL: jwksUrl, AUTH_SECRET: secret } = config
  if (jwksUrl !== null && secret !== null) {
    throw new AppError(
      'config_conflict',
      'fatal',
      'AUTH_JWKS_URL and AUTH_SECRET are both set: it wants one of them',
    )
  }
  const options: JWTVerifyOptions = {
    requiredClaims: ['sub', 'exp'],
    clockTolerance: toleranceSeconds,
    ...(config.AUTH_ISSUER === null ? {} : { issuer: config.AUTH_ISSUER }),
    ...(config.AUTH_AUDIENCE === null ? {} : { audience: config.AUTH_AUDIENCE }),
  }
  if (secret !== null) {
    const key = new TextEncoder().encode(secret)
    return (token) => verified(() => jwtVerify(token, key, { ...options, algorithms: ['HS256'] }))
  }
  if (jwksUrl === null) return null
  // Keys are kept for ten minutes; a token with an unknown key id asks again, at most once a second.
  const keys = createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 3_000, cooldownDuration: 1_000 })
  return (token) => verified(() => jwtVerify(token, keys, { ...options, algorithms: asymmetric }))
}

async function verified(verify: () => Promise<{ payload: JWTPayload }>): Promise<Identity> {
  try {
    return identityOf((await verify()).payload)
  } catch (error) {
    throw error instanceof AppError ? error : refusal(error)
  }
}

function identityOf({ sub, roles, exp = 0 }: JWTPayload): Identity {
  if (!isUserId(sub)) throw unauthenticated('its `sub` is not a user id')
  const known = Array.isArray(roles) ? roles.filter(isRole) : []
  return { kind: 'user', subject: sub, roles: new Set(known), expiresAt: (exp + toleranceSeconds) * 1000 }
}

function refusal(error: unknown): AppError {
  if (error instanceof errors.JWTExpired) return unauthenticated('it has expired', error)
  if (error instanceof errors.JWTClaimValidationFailed)
    return unauthenticated(`its \`${error.claim}\` is missing or wrong`, error)
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return unauthenticated('its signature is wrong', error)
  if (error instanceof errors.JOSEAlgNotAllowed) return unauthenticated('its algorithm is not allowed', error)
  if (error instanceof errors.JWKSNoMatchingKey) return unauthenticated('its key is unknown', error)
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid)
    return unauthenticated('it is not a JWT', error)
  if (isOfKeySet(error)) return unavailable('the key set', error)
  return unauthenticated('it cannot be verified', error)
}

/** The keys could not be had: no answer, another one than 200, or no key set. Nothing is said about the token by that. */
function isOfKeySet(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true
  return error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === generic
}

const generic = 'ERR_JOSE_GENERIC'

function unauthenticated(why: string, cause?: unknown): AppError {
  return new AppError('unauthenticated', 'fatal', `the Bearer token was refused: ${why}`, { cause })
}

/** A token for trials, signed with the shared secret. */
export async function signToken(
  secret: string,
  claims: {
    subject: string
    roles: readonly Role[]
    expiresInSeconds: number
    issuer?: string | null
    audience?: string | null
  },
): Promise<string> {
  const token = new SignJWT({ roles: [...claims.roles] })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(claims.subject)
    .setIssuedAt()
    .setExpirationTime(`${claims.expiresInSeconds} s`)
  if (claims.issuer) token.setIssuer(claims.issuer)
  if (claims.audience) token.setAudience(claims.audience)
  return token.sign(new TextEncoder().encode(secret))
}
