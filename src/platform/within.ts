import { AppError } from './errors.ts'

/** What `work` comes to, or a retryable error once so many milliseconds have passed. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new AppError('timeout', 'retryable', `no answer within ${milliseconds} ms`)),
    milliseconds,
  )
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
