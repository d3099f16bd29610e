import { readConfig } from '../platform/config.ts'
import { AppError } from '../platform/errors.ts'
import { signToken } from '../platform/identity/tokens.ts'
import { stackEnvironment } from './stack-environment.ts'
import type { TokenFlags } from './token.ts'

export async function makeToken({ user, role = [], expires = 3_600 }: TokenFlags): Promise<void> {
  const config = readConfig(
    ['AUTH_SECRET', 'AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'],
    await stackEnvironment(),
  )
  if (config.AUTH_SECRET === null) {
    throw new AppError(
      'no_secret',
      'fatal',
      config.AUTH_JWKS_URL === null
        ? 'AUTH_SECRET is not set. Set it for the API and here, such as to what "openssl rand -hex 32" prints.'
        : 'With AUTH_JWKS_URL tokens come from the issuer of those keys; this can only sign with an AUTH_SECRET.',
    )
  }
  const token = await signToken(config.AUTH_SECRET, {
    subject: user,
    roles: role,
    expiresInSeconds: expires,
    issuer: config.AUTH_ISSUER,
    audience: config.AUTH_AUDIENCE,
  })
  process.stdout.write(`${token}\n`)
}
