import type { HistogramState } from './histogram.ts'

/** What is asked: reviews of a run's plan, each once; or paths, again and again in their order. */
export type Requests =
  | {
      readonly kind: 'reviews'
      readonly path: string
      readonly runId: string
      readonly entities: number
      /** The number of the first in the run's plan. */
      readonly first: number
    }
  | { readonly kind: 'reads'; readonly paths: readonly string[] }

/** How long: a closed loop sends the next request when one is answered, an open one when it is due. */
export type Pace =
  | { readonly kind: 'closed'; readonly warmUpMs: number; readonly measuredMs: number }
  | { readonly kind: 'count'; readonly count: number }
  | {
      readonly kind: 'open'
      readonly ratePerSecond: number
      readonly warmUpMs: number
      readonly measuredMs: number
    }

export interface DrivePlan {
  readonly host: string
  readonly port: number
  readonly connections: number
  readonly requests: Requests
  readonly pace: Pace
}

export interface DriveResult {
  /** How many requests were sent, the warm-up's included. */
  readonly sent: number
  /** Answered 2xx within the measure. */
  readonly completed: number
  readonly seconds: number
  /** Answers by status within the measure; 0 where a connection broke. */
  readonly statuses: Readonly<Record<number, number>>
  /** The body of the first answer that was not 2xx. */
  readonly firstFailure: string | null
  /** Sent again after a refusal or a break: of a counted run alone. */
  readonly retried: number
  /** Of the run's plan, those that were refused for good. */
  readonly rejected: readonly number[]
  /** From when a request was sent, or in an open loop from when it was due. */
  readonly latency: HistogramState
  /** How late the driver itself came to what was due: of an open loop alone. */
  readonly lateness: HistogramState
  /** Of the driver. */
  readonly cpuSeconds: number
  /** By the machine's monotonic clock, in milliseconds: see `nowMs`. */
  readonly beganAt: number
  readonly endedAt: number
}
