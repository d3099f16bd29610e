import { AppError, asError, isRetryable } from '../errors.ts'
import type { HandlerContext, Outcome } from './handler.ts'
import type { Arrival, Middleware, Run } from './run.ts'

/**
 * What throws anything but a retryable error has a bug, or met a value that a dependency refuses. The events are run
 * again one by one, so that only the culprit is lost to it; what had its effect before absorbs the repeat.
 */
export const isolation: Middleware = (next) => async (arrivals, context) => {
  try {
    return await runChecked(next, arrivals, context)
  } catch (error) {
    throwUnlessBug(error, context)
    if (arrivals.length === 1) return [culprit(error)]
  }
  const outcomes: Outcome[] = []
  for (const arrival of arrivals) {
    try {
      outcomes.push(...(await runChecked(next, [arrival], context)))
    } catch (error) {
      throwUnlessBug(error, context)
      outcomes.push(culprit(error))
    }
  }
  return outcomes
}

async function runChecked(
  run: Run,
  arrivals: readonly Arrival[],
  context: HandlerContext,
): Promise<readonly Outcome[]> {
  const outcomes = await run(arrivals, context)
  if (outcomes.length === arrivals.length) return outcomes
  throw new Error(`the handler gave ${outcomes.length} outcomes for ${arrivals.length} events`)
}

function throwUnlessBug(error: unknown, { signal }: HandlerContext): void {
  if (isRetryable(error)) throw error
  // Work that was told to stop may end in any error.
  if (signal.aborted)
    throw new AppError('interrupted', 'retryable', 'the work was interrupted', { cause: error })
}

function culprit(thrown: unknown): Outcome {
  const cause = asError(thrown)
  return { verdict: 'dead-letter', error: new AppError('handler_error', 'fatal', cause.message, { cause }) }
}
