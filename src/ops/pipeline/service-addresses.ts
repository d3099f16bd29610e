import type { Config } from '../../platform/config.ts'
import type { ServiceAddress } from './service-health.ts'

const ports = {
  api: 'API_PORT',
  relay: 'RELAY_PORT',
  'notification-worker': 'NOTIFICATION_WORKER_PORT',
  'analytics-worker': 'ANALYTICS_WORKER_PORT',
  'cache-worker': 'CACHE_WORKER_PORT',
} as const

type AddressConfig = Pick<Config, (typeof ports)[keyof typeof ports] | 'SERVICE_URLS'>

/** Where each process is: as it was given, and on this machine otherwise. */
export function serviceAddresses(config: AddressConfig): ServiceAddress[] {
  const given = new Map(
    config.SERVICE_URLS.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  )
  return Object.entries(ports).map(([name, variable]) => ({
    name,
    url: (given.get(name) ?? `http://127.0.0.1:${config[variable]}`).replace(/\/$/, ''),
  }))
}
