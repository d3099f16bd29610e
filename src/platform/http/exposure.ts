import { isLoopback } from '../config/rules.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../telemetry/logger.ts'

/** Says at start that an API without authentication is open. Where it may be, the configuration's rules say. */
export function announceOpenApi({ API_HOST }: Pick<Config, 'API_HOST'>, log: Logger): void {
  if (isLoopback(API_HOST)) {
    log.info('the API is open: no authentication is configured, so it listens on loopback alone')
  } else {
    log.warn(`THE API IS OPEN ON ${API_HOST}: anybody who reaches it can write and delete as any user`)
  }
}
