/** What only a comparison with earlier looks tells. Milliseconds. */
export interface Trends {
  /** Since when the relay has published nothing. */
  readonly relayStillMs: number
  /** Since when each group has committed nothing. */
  readonly groupStillMs: ReadonlyMap<string, number>
  /** Records that each group deals with in a second. */
  readonly groupRate: ReadonlyMap<string, number | null>
  /** Notices that fail in a second, by error code. */
  readonly noticeFailures: readonly { readonly code: string; readonly perSecond: number }[]
  /** Answers of the API with a status of 500 and more, in a second. */
  readonly apiErrorsPerSecond: number | null
}
