import { Gauge, type Registry } from 'prom-client'
import { every } from '../every.ts'
import type { Queryable } from '../postgres/pool.ts'
import { type LogLevels, logModules, parseLogLevels } from './log-levels.ts'
import type { Logger } from './logger.ts'

/** What a service is to log for a while, beside what it was started with. */
export interface ChangedLogLevels {
  readonly service: string
  /** As `parseLogLevels` reads them. */
  readonly levels: string
  readonly changed_by: string
  readonly expires_at: Date
}

export async function listChangedLogLevels(db: Queryable): Promise<ChangedLogLevels[]> {
  const { rows } = await db.query<ChangedLogLevels>(
    'select service, levels, changed_by, expires_at from log_levels where expires_at > now() order by service',
  )
  return rows
}

/** Replaces what was changed before, with an entry in the audit. Returns when it ends. */
export async function changeLogLevels(
  db: Queryable,
  { service, levels, minutes, actor }: { service: string; levels: string; minutes: number; actor: string },
): Promise<Date> {
  const { rows } = await db.query<{ expires_at: Date }>(
    `with changed as (
       insert into log_levels as l (service, levels, changed_by, expires_at)
       values ($1, $2, $4, now() + make_interval(mins => $3))
       on conflict (service) do update set levels = excluded.levels, changed_by = excluded.changed_by,
         expires_at = excluded.expires_at
       returning expires_at
     )
     select expires_at,
       append_audit($4, 'log_levels.changed', $1, jsonb_build_object('levels', $2::text, 'minutes', $3::integer))
     from changed`,
    [service, levels, minutes, actor],
  )
  const [changed] = rows
  if (!changed) throw new Error('a statement that upserts returns a row')
  return changed.expires_at
}

/** Back to what the service was started with. Says whether anything was changed. */
export async function resetLogLevels(db: Queryable, service: string, actor: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `with gone as (delete from log_levels where service = $1 returning expires_at)
     select append_audit($2, 'log_levels.reset', $1, '{}') from gone where expires_at > now()`,
    [service, actor],
  )
  return rowCount === 1
}

const lookMs = 2_000

export interface FollowOptions {
  readonly service: string
  readonly levels: LogLevels
  readonly db: Queryable
  readonly log: Logger
}

/** Applies what is changed within two seconds. While Postgres is away, what was applied last holds. */
export function followLogLevels({ service, levels, db, log }: FollowOptions): { stop(): Promise<void> } {
  return every(
    lookMs,
    async () => {
      const changed = (await listChangedLogLevels(db)).find((one) => one.service === service)
      // Another version may know other modules.
      const wanted = changed && parseLogLevels(changed.levels)
      if (levels.change(wanted)) {
        log.info(
          { levels: changed?.levels ?? null, until: changed?.expires_at ?? null },
          'log levels changed',
        )
      }
    },
    (error) => log.debug({ err: error }, 'it is not known whether log levels were changed'),
  )
}

const numbers = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, silent: 100 } as const

/** What a process really logs now, to be looked at from outside. */
export function logLevelMetrics(registry: Registry, levels: LogLevels): void {
  new Gauge({
    name: 'thereview_log_level',
    help: 'Least level that is logged: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 100 nothing; module rest is all that has none of its own',
    labelNames: ['module'] as const,
    registers: [registry],
    collect() {
      this.set({ module: 'rest' }, numbers[levels.of()])
      for (const module of logModules) this.set({ module }, numbers[levels.of(module)])
    },
  })
}
