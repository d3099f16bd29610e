import { type Logger as Pino, pino, stdTimeFunctions } from 'pino'

export type Logger = Pino

export interface LoggerOptions {
  readonly service: string
  readonly level: string
  /** One JSON object a line for machines, readable lines for a terminal. */
  readonly format: 'json' | 'pretty'
}

const secrets = [
  'authorization',
  'password',
  'secret',
  'token',
  'email',
  '*.authorization',
  '*.password',
  '*.email',
]

export function createLogger({ service, level, format }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secrets, censor: '[redacted]' },
  }
  if (format === 'json') return pino(options)
  const { formatters: _, ...pretty } = options
  return pino({
    ...pretty,
    transport: {
      target: 'pino-pretty',
      options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' },
    },
  })
}
