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
  /**
   * Plans each named statement once for a connection, whatever its parameters and by an index wherever there is one.
   * For statements that find everything by a key: planning one for its parameters, as Postgres does by itself, can take
   * longer than running it. Since the tables may be empty then, nothing may depend on how large they are: where rows
   * are joined by a key, `offset 0` in a lateral subquery has each looked up.
   */
  readonly plansOnce?: boolean
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

export function createPool(options: PoolOptions): Pool {
  const { url, size, applicationName, onIdleError, timeouts, plansOnce = false } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    types,
    ...(plansOnce && { options: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off' }),
    ...(timeouts && {
      lock_timeout: timeouts.lock,
      statement_timeout: timeouts.statement,
      query_timeout: timeouts.statement + hangMs,
    }),
  })
  pool.on('error', (error) => {
    // The pool hangs the connection on it, with the key that cancels its statements; an error is logged.
    Reflect.deleteProperty(error, 'client')
    onIdleError?.(error)
  })
  return pool
}

/**
 * Runs `work` in one transaction on one connection. Only for work that never waits for anything but Postgres, and
 * not around an append to the log: that is one statement of its own, or the last one of `appendingTransaction`.
 */
export function inTransaction<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  return transaction(pool, 'begin', work)
}

/**
 * The same where the last statement of `work` appends to the log. Nobody else appends until it is committed, so a
 * process that stands still in between is not waited for: Postgres ends its transaction after a quarter of a second,
 * before those behind give up.
 */
export function appendingTransaction<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  return transaction(pool, "begin; set local idle_in_transaction_session_timeout = '250ms'", work)
}

async function transaction<T>(pool: Pool, begin: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  // A connection that ends between two statements says so here, and the next statement fails with it.
  const lost = () => undefined
  client.on('error', lost)
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    // Releasing with an error ends the connection, and the server rolls back.
    client.release(error instanceof Error ? error : true)
    throw error
  } finally {
    client.off('error', lost)
  }
}

// Not the statement's fault, but the server's, or that of how we are let in: connection, authorization, database,
// resources, operator intervention, the system below, an internal error.
// Source: PostgreSQL documentation, appendix A.
const unavailableClasses = new Set(['08', '28', '3D', '53', '57', '58', 'XX'])
const unavailableStates = new Set([
  // A standby, or a primary that was made read-only: in a failover the old one may answer for a while.
  '25006',
  // `idle_in_transaction_session_timeout` and `transaction_timeout`: this process stood still.
  '25P03',
  '25P04',
  // Whether the commit took place is not known; what we write absorbs its repeat.
  '40003',
  // A right that was taken away, a schema or table that is being restored: no event is to blame for what is missing.
  '42501',
  '42P01',
  '3F000',
])
/** Node's names for what the operating system, name resolution or TLS has against a connection. */
const networkCode = /^E(?!RR_)[A-Z_]+$|^ERR_(SSL|TLS|SOCKET|STREAM)|CERT|^UNABLE_TO_/

const withoutCode =
  /timeout exceeded|Query read timeout|Connection terminated|connection error|Client was closed|calling end on the pool|SSL connection|^SASL/i

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

/** As where migrations have still to run. */
export function isUndefinedFunction(error: unknown): boolean {
  return codeOf(error) === '42883'
}

/** Whether Postgres, rather than the statement, is what failed. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error)
  if (code) return isState(code) ? isTheirs(code) : networkCode.test(code)
  // `pg` has no code for these.
  return error instanceof Error && withoutCode.test(error.message)
}

/** Runs statements; what Postgres is to blame for comes out as a retryable error. */
export async function withPostgres<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isUnavailable(error) || isConflict(error) ? unavailable('postgres', error) : error
  }
}

/** An SQLSTATE, as `EPIPE` is none: no class of Postgres's begins with E. */
function isState(code: string): boolean {
  return /^(?!E)[0-9A-Z]{5}$/.test(code)
}

function isTheirs(state: string): boolean {
  return unavailableClasses.has(state.slice(0, 2)) || unavailableStates.has(state)
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
