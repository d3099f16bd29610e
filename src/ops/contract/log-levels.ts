import type { ServiceName } from '../../contracts/service-names.ts'

/** Longer than any search for a fault; what should hold for good belongs into LOG_LEVEL. */
export const maxLogLevelMinutes = 24 * 60

export interface LogLevelsOfService {
  readonly service: ServiceName
  /** What was changed, as LOG_LEVEL is written; null when what it was started with holds. */
  readonly changed: { readonly levels: string; readonly by: string; readonly until: string } | null
}
