import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'

type ExposureConfig = Pick<Config, 'API_HOST' | 'ALLOW_UNAUTHENTICATED'>

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/

/**
 * Says at start that an API without authentication is open.
 * @throws {AppError} `unauthenticated_exposure` when it would be so beyond this machine, and nobody said that it may
 */
export function admitOpenApi({ API_HOST, ALLOW_UNAUTHENTICATED }: ExposureConfig, log: Logger): void {
  const local = loopback.test(API_HOST)
  if (!local && !ALLOW_UNAUTHENTICATED) {
    throw new AppError(
      'unauthenticated_exposure',
      'fatal',
      `API_HOST is ${API_HOST} and there is no authentication: set AUTH_JWKS_URL or AUTH_SECRET, or listen on ` +
        '127.0.0.1, or, in a network that is private, set ALLOW_UNAUTHENTICATED=true',
    )
  }
  if (local) log.info('the API is open: no authentication is configured, so it listens on loopback alone')
  else log.warn(`THE API IS OPEN ON ${API_HOST}: anybody who reaches it can write and delete as any user`)
}
