import type { Config } from '../config.ts'

/** What several variables must agree on. It holds for a process that reads all of them. */
export interface Rule {
  readonly names: readonly (keyof Config)[]
  /** What is wrong, and the remedy; null when nothing is. */
  readonly problem: (config: Config) => string | null
}

/** A rule sees the variables that it names, and no others. */
function rule<const N extends keyof Config>(
  names: readonly N[],
  problem: (config: Pick<Config, N>) => string | null,
): Rule {
  return { names, problem }
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/

export const rules: readonly Rule[] = [
  rule(['AUTH_JWKS_URL', 'AUTH_SECRET'], (config) =>
    config.AUTH_JWKS_URL !== null && config.AUTH_SECRET !== null
      ? 'AUTH_JWKS_URL and AUTH_SECRET are both set: tokens are verified by one of them'
      : null,
  ),

  // Whoever sets these believes that tokens are checked.
  rule(['AUTH_JWKS_URL', 'AUTH_SECRET', 'AUTH_ISSUER', 'AUTH_AUDIENCE'], (config) => {
    const given = (['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const).filter((name) => config[name] !== null)
    if (given.length === 0 || hasAuthentication(config)) return null
    return `${given.join(' and ')} would not be checked: set AUTH_JWKS_URL or AUTH_SECRET too`
  }),

  rule(['API_HOST', 'ALLOW_UNAUTHENTICATED', 'AUTH_JWKS_URL', 'AUTH_SECRET'], (config) => {
    if (hasAuthentication(config) || isLoopback(config.API_HOST) || config.ALLOW_UNAUTHENTICATED) return null
    return (
      `API_HOST is ${JSON.stringify(config.API_HOST)} and there is no authentication: set AUTH_JWKS_URL or ` +
      'AUTH_SECRET, or listen on 127.0.0.1, or, in a network that is private, set ALLOW_UNAUTHENTICATED=true'
    )
  }),

  rule(['CONSOLE_HOST', 'ALLOW_UNAUTHENTICATED', 'AUTH_JWKS_URL', 'AUTH_SECRET'], (config) =>
    hasAuthentication(config) || isLoopback(config.CONSOLE_HOST) || config.ALLOW_UNAUTHENTICATED
      ? null
      : `CONSOLE_HOST is ${JSON.stringify(config.CONSOLE_HOST)} and there is no authentication: set AUTH_JWKS_URL or ` +
        'AUTH_SECRET, or listen on 127.0.0.1, or, in a network that is private, set ALLOW_UNAUTHENTICATED=true',
  ),

  rule(['CORS_ORIGINS', 'AUTH_JWKS_URL', 'AUTH_SECRET'], (config) =>
    config.CORS_ORIGINS.includes('*') && !hasAuthentication(config)
      ? 'CORS_ORIGINS is * and there is no authentication: any web page could write as any user; name the origins'
      : null,
  ),
]

export function hasAuthentication(config: Pick<Config, 'AUTH_JWKS_URL' | 'AUTH_SECRET'>): boolean {
  return config.AUTH_JWKS_URL !== null || config.AUTH_SECRET !== null
}

export function isLoopback(host: string): boolean {
  return loopback.test(host)
}
