import { findReplay, type ReplayJob } from '../../src/ops/dead-letters/replay-jobs.ts'
import { until } from '../support/until.ts'
import type { System } from './system.ts'

/** The job, once each of its letters has an outcome. */
export function settledReplay(system: System, replayId: string): Promise<ReplayJob> {
  return until(
    'every letter has an outcome',
    async () => {
      const job = await findReplay(system.pool, replayId)
      return job && job.state !== 'running' && job.pending + job.sent === 0 && job
    },
    { timeoutMs: 60_000 },
  )
}
