import type { Logger } from 'pino'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** What says so of itself in its log lines, as `module`, and can be more or less talkative than the rest. */
export const logModules = [
  'http',
  'relay',
  'consumer',
  'kafka',
  'postgres',
  'redis',
  'journeys',
  'views',
  'dead-letters',
  'exporter',
  'pipeline',
] as const
export type LogModule = (typeof logModules)[number]

/** Least levels that are logged: of what has one of its own, and of all the rest. */
export interface LogLevelSettings {
  readonly rest?: LogLevel
  readonly modules: Readonly<Partial<Record<LogModule, LogLevel>>>
}

/** For whoever gives another text than `parseLogLevels` takes. */
export const logLevelsForm =
  `${logLevels.join(', ')}, and levels of modules such as info,relay=debug,kafka=warn ` +
  `(the modules: ${logModules.join(', ')})`

/** Reads `debug`, `relay=debug`, `info,relay=debug,kafka=warn`; undefined for anything else. */
export function parseLogLevels(text: string): LogLevelSettings | undefined {
  let rest: LogLevel | undefined
  const modules: Partial<Record<LogModule, LogLevel>> = {}
  for (const part of text.split(',')) {
    const [name = '', given, ...more] = part.split('=').map((word) => word.trim())
    const level = logLevels.find((known) => known === (given ?? name))
    if (level === undefined || more.length > 0) return undefined
    if (given === undefined) {
      if (rest !== undefined) return undefined
      rest = level
      continue
    }
    const module = logModules.find((known) => known === name)
    if (module === undefined || modules[module] !== undefined) return undefined
    modules[module] = level
  }
  return { ...(rest && { rest }), modules }
}

/** As `parseLogLevels` reads it. */
export function logLevelsText({ rest, modules }: LogLevelSettings): string {
  return [
    ...(rest ? [rest] : []),
    ...Object.entries(modules).map(([name, level]) => `${name}=${level}`),
  ].join()
}

const none: LogLevelSettings = { modules: {} }

/** The levels of one process: those that it was started with, and what was changed since. */
export class LogLevels {
  readonly #start: LogLevelSettings
  #changes: LogLevelSettings = none
  // A consumer that is made anew has loggers of its own; those of the old one must be free to go.
  readonly #loggers: { readonly logger: WeakRef<Logger>; readonly module: LogModule | undefined }[] = []

  constructor(start: LogLevelSettings) {
    this.#start = start
  }

  /** The level of a module, or of what belongs to none. */
  of(module?: LogModule): LogLevel {
    const { modules, rest } = this.#changes
    const own = module && (modules[module] ?? (rest === undefined ? this.#start.modules[module] : undefined))
    return own ?? rest ?? this.#start.rest ?? 'info'
  }

  /** A logger, or a child of one, that keeps to its module's level from now on. */
  follow(logger: Logger): void {
    const name: unknown = logger.bindings().module
    const module = logModules.find((known) => known === name)
    logger.level = this.of(module)
    this.#loggers.push({ logger: new WeakRef(logger), module })
  }

  /** Goes over what the process was started with, until the next change. Says whether anything changed. */
  change(changes: LogLevelSettings = none): boolean {
    if (logLevelsText(changes) === logLevelsText(this.#changes)) return false
    this.#changes = changes
    const alive = this.#loggers.splice(0).filter(({ logger }) => logger.deref())
    this.#loggers.push(...alive)
    for (const { logger, module } of alive) {
      const living = logger.deref()
      if (living) living.level = this.of(module)
    }
    return true
  }
}
