import type { Config } from '../../platform/config.ts'
import { type AuthConfig, signToken } from '../../platform/identity/tokens.ts'
import type { ServiceAddress } from './service-health.ts'

const ports = {
  api: 'API_PORT',
  relay: 'RELAY_PORT',
  'notification-worker': 'NOTIFICATION_WORKER_PORT',
  'analytics-worker': 'ANALYTICS_WORKER_PORT',
  'cache-worker': 'CACHE_WORKER_PORT',
} as const

type AddressConfig = AuthConfig &
  Pick<Config, (typeof ports)[keyof typeof ports] | 'SERVICE_URLS' | 'METRICS_API_KEY'>

/** Where each process is: as it was given, and on this machine otherwise. */
export function serviceAddresses(config: AddressConfig): ServiceAddress[] {
  const given = new Map(
    config.SERVICE_URLS.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  )
  return Object.entries(ports).map(([name, variable]) => ({
    name,
    url: (given.get(name) ?? `http://127.0.0.1:${config[variable]}`).replace(/\/$/, ''),
    ...(name === 'api' && { credentials: metricsCredentials(config) }),
  }))
}

/** With authentication the API tells its metrics to operators alone, and to keys that may read them. */
function metricsCredentials(config: AddressConfig): () => Promise<string | null> {
  const { METRICS_API_KEY: key, AUTH_SECRET: secret, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = config
  if (key !== null || secret === null) return async () => key
  const claims = { subject: 'ops', roles: ['operator'], expiresInSeconds: 60, issuer, audience } as const
  return () => signToken(secret, claims)
}
