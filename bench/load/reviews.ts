import { randomBytes } from 'node:crypto'
import { drive } from '../driver/drive.ts'
import type { DriveResult, Pace } from '../driver/plan.ts'
import type { Target } from '../stack/target.ts'

export const reviewsPath = '/api/v1/reviews'

/** Sets the users and entities of a run apart from every other's. */
export const newRunId = () => randomBytes(4).toString('hex')

export interface ReviewLoad {
  readonly pace: Pace
  readonly connections?: number
  readonly entities?: number
  readonly runId?: string
}

/** Posts reviews of a run of their own. */
export function postReviews(
  { host, port }: Pick<Target, 'host' | 'port'>,
  { pace, connections = 64, entities = 200, runId = newRunId() }: ReviewLoad,
): Promise<DriveResult> {
  const requests = { kind: 'reviews', path: reviewsPath, runId, entities, first: 0 } as const
  return drive({ host, port, connections, requests, pace })
}
