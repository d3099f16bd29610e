import { createLogger } from '../../src/platform/telemetry/logger.ts'

export const silent = createLogger({ service: 'test', level: 'silent', format: 'json' })
