import { AppError, asError } from '../errors.ts'
import { isUnavailable, isUndefinedFunction, type Queryable } from '../postgres/pool.ts'
import { type AuditAct, appendAudit } from './audit.ts'

/**
 * Does what cannot be one statement with its entry, such as a change of Kafka. The entry is written first: what the
 * audit cannot take is not done. Of what then fails a further entry, `act.failed`, names the first; an act that timed
 * out may have happened all the same.
 * @throws {AppError} `audit_unavailable`, before anything was done, where the audit cannot be written
 */
export async function audited<T>(db: Queryable, act: AuditAct, work: () => Promise<T>): Promise<T> {
  const entry = await appendAudit(db, act).catch((error: unknown) => {
    throw unwritable(act, error) ?? error
  })
  try {
    return await work()
  } catch (error) {
    const { actor, action, target } = act
    const details = { entry, action, code: error instanceof AppError ? error.code : asError(error).name }
    // Without it the first entry says more than was done: better than less.
    await appendAudit(db, { actor, action: 'act.failed', target, details }).catch(() => undefined)
    throw error
  }
}

function unwritable({ action, target }: AuditAct, cause: unknown): AppError | null {
  const problem = isUnavailable(cause)
    ? 'Postgres does not answer. Start it, or mend DATABASE_URL.'
    : isUndefinedFunction(cause)
      ? 'the database is not migrated. Run "thereview prepare".'
      : null
  if (problem === null) return null
  const message = `"${action}" of ${target} was not done, since it cannot be written into the audit: ${problem}`
  return new AppError('audit_unavailable', 'retryable', message, { cause })
}
