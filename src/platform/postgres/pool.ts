import pg from 'pg'
import { unavailable } from '../errors.ts'

export type Pool = pg.Pool
export type Client = pg.PoolClient
/** Whatever can run a statement: the pool, or a client inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>

export interface PoolOptions {
  readonly url: string
  readonly size: number
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string
  /** A lost idle connection is replaced by the pool; this is told of it. */
  readonly onIdleError?: (error: Error) => void
  readonly timeouts?: Timeouts
}

/** Milliseconds after which a statement is given up, where somebody waits for its answer. */
export interface Timeouts {
  readonly lock: number
  readonly statement: number
}

// A server that hangs cancels nothing; then the client gives up by itself, this much later.
const hangMs = 2_000

const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    // int8 as a number: positions and counts stay far below 2^53.
    if (oid === pg.types.builtins.INT8) return Number
    // json as the text that was written: whoever wants the value parses it.
    if (oid === pg.types.builtins.JSON) return String
    return pg.types.getTypeParser(oid, format)
  }) as typeof pg.types.getTypeParser,
}

export function createPool({ url, size, applicationName, onIdleError, timeouts }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    types,
    ...(timeouts && {
      lock_timeout: timeouts.lock,
      statement_timeout: timeouts.statement,
      query_timeout: timeouts.statement + hangMs,
    }),
  })
  pool.on('error', (error) => onIdleError?.(error))
  return pool
}

/**
 * Runs `work` in one transaction on one connection. Only for work that never waits for anything but Postgres, and
 * never around an append to the log: that is one statement of its own.
 */
export async function inTransaction<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    // Releasing with an error ends the connection, and the server rolls back.
    client.release(error instanceof Error ? error : true)
    throw error
  }
}

// Classes 08 (connection), 53 (resources), 57 (operator intervention): not the statement's fault.
// Source: PostgreSQL documentation, appendix A.
const unavailableClasses = new Set(['08', '53', '57'])
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
])

/** Deadlock, serialization failure, lock timeout: the same statement may succeed when it is run again. */
export function isConflict(error: unknown): boolean {
  return ['40P01', '40001', '55P03'].includes(codeOf(error) ?? '')
}

/** A lock that others held for too long. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === '55P03'
}

export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === '23505'
}

/** Whether Postgres, rather than the statement, is what failed. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error)
  if (code) return networkCodes.has(code) || unavailableClasses.has(code.slice(0, 2))
  // `pg` has no code for these.
  return (
    error instanceof Error &&
    /timeout exceeded|Query read timeout|Connection terminated|Client has encountered a connection error/i.test(
      error.message,
    )
  )
}

/** Runs statements; what Postgres is to blame for comes out as a retryable error. */
export async function withPostgres<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isUnavailable(error) || isConflict(error) ? unavailable('postgres', error) : error
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
