import type { Spread } from '../spread.ts'

/** What only a comparison with earlier looks tells. Milliseconds. */
export interface Trends {
  /** Since when the relay has published nothing. */
  readonly relayStillMs: number
  /** Since when each group has committed nothing. */
  readonly groupStillMs: ReadonlyMap<string, number>
  /** Since when each group's oldest record has been the same one. */
  readonly oldestStillMs: ReadonlyMap<string, number>
  /** Records that each group deals with in a second. */
  readonly groupRate: ReadonlyMap<string, number | null>
  /** Notices that fail in a second, by error code. */
  readonly noticeFailures: readonly { readonly code: string; readonly perSecond: number }[]
  /** Answers of the API with a status of 500 and more, in a second. */
  readonly apiErrorsPerSecond: number | null
  /** How long the API took to answer writes. */
  readonly answer: Spread | null
  readonly latencies: readonly GroupLatency[]
}

/** From acceptance to a group's effect, and the 95th percentiles of the parts of that way. Seconds. */
export interface GroupLatency {
  readonly group: string
  readonly effect: Spread
  /** Until the relay had it acknowledged. */
  readonly publish: number | null
  /** On the topic until the worker took it. */
  readonly receive: number | null
  /** In the handler, for a batch. */
  readonly handle: number | null
}
