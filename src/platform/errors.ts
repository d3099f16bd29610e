/** What to do about an error: try again later, or never. */
export type ErrorVerdict = 'retryable' | 'fatal'

/**
 * An error with a code that programs read and a verdict that retry logic reads. The message is for people; it
 * holds no secrets, no SQL and no host. What went wrong below is kept as `cause`.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: string
  readonly verdict: ErrorVerdict

  constructor(code: string, verdict: ErrorVerdict, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.verdict = verdict
  }
}

/** A dependency cannot be reached or cannot answer now; waiting may help. */
export function unavailable(dependency: string, cause: unknown): AppError {
  return new AppError('unavailable', 'retryable', `${dependency} is not available`, { cause })
}

export function isRetryable(error: unknown): boolean {
  return error instanceof AppError && error.verdict === 'retryable'
}

/** Anything thrown, as an `Error`. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
