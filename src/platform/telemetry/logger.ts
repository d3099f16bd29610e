import { type Logger as Pino, type LoggerOptions as PinoOptions, pino, stdTimeFunctions } from 'pino'
import { type LogLevel, LogLevels, type LogModule } from './log-levels.ts'
import { redact } from './redaction.ts'

export type Logger = Pino

export interface LoggerOptions {
  readonly service: string
  /** The least level that is logged, or levels by module that may change. */
  readonly level: LogLevel | LogLevels
  /** One JSON object a line for machines, readable lines for a terminal. */
  readonly format: 'json' | 'pretty'
}

/**
 * A logger whose children keep to the levels of their modules, also when those change. Lines go out together, a fifth
 * of a second after the first at the latest, so that a request never waits for its line.
 */
export function createLogger({ service, level, format }: LoggerOptions): Logger {
  const levels = level instanceof LogLevels ? level : new LogLevels({ rest: level, modules: {} })
  const options = {
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    // By the text: a secret may stand in an error's message, its stack or the fields that a library gave it.
    hooks: { streamWrite: redact },
    onChild: (child: Logger) => levels.follow(child),
  }
  const log = format === 'json' ? forMachines(options) : pino({ ...options, transport: forTerminals })
  levels.follow(log)
  return log
}

/**
 * A write for each line would cost a busy service a tenth of its time, a timer that runs on an idle one much of its
 * own. What is left is written when the process ends.
 */
function forMachines(options: PinoOptions): Logger {
  const stdout = pino.destination({ dest: 1, sync: false, minLength: togetherBytes })
  let timer: NodeJS.Timeout | null = null
  const flush = () => {
    timer = null
    stdout.flush()
  }
  const streamWrite = (line: string) => {
    if (timer === null) timer = setTimeout(flush, togetherMs).unref()
    return redact(line)
  }
  const formatters = { level: (label: string) => ({ level: label }) }
  return pino({ ...options, formatters, hooks: { streamWrite } }, stdout)
}

const togetherBytes = 16_000
const togetherMs = 200

/** A part's own: its lines name it, and it keeps to its own level. */
export function moduleLog(log: Logger, module: LogModule): Logger {
  return log.child({ module })
}

const forTerminals = {
  target: 'pino-pretty',
  options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' },
}
