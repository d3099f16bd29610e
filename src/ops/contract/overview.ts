/** `idle` has nothing to do and could do it; `unknown` cannot be seen from here. */
export type StageState = 'ok' | 'idle' | 'late' | 'broken' | 'unknown'

export type StageId = 'api' | 'log' | 'relay' | 'topics' | `group:${string}` | `effect:${string}`

/** One part of the way of a review, as far as it can be seen now. */
export interface Stage {
  readonly id: StageId
  readonly title: string
  readonly state: StageState
  /** Events a second, over the last ten seconds. */
  readonly rate: number | null
  /** Events that wait before this part. */
  readonly backlog: number | null
  /** Age of the oldest of them. */
  readonly lag_seconds: number | null
  /** What there is to say beside the numbers, in a few words. */
  readonly note: string
}

/** Something that is late, lost or broken: what, where, why, and what to do. */
export interface Problem {
  readonly id: string
  readonly severity: 'broken' | 'late' | 'warning'
  readonly where: StageId
  readonly title: string
  readonly why: string
  readonly remedy: string
  /** A command that does it, where there is one. */
  readonly command: string | null
  /** The page of the console that shows more. */
  readonly link: string | null
}

export interface Latency {
  readonly p50_ms: number
  readonly p95_ms: number
  readonly events: number
  /** Over how long it was looked at. */
  readonly window_seconds: number
  /** Beyond it the 95th percentile is late. */
  readonly late_after_ms: number
}

export interface ServiceHealth {
  readonly name: string
  readonly state: 'up' | 'degraded' | 'down'
  /** The dependencies that it cannot reach. */
  readonly away: readonly string[]
  /** It takes connections and does not answer: it is stuck or frozen, and starting it does nothing. */
  readonly hangs: boolean
  /** True while it holds its work back and waits for a dependency. */
  readonly waiting: boolean
}

export interface BrokerHealth {
  readonly id: number
  readonly address: string | null
  readonly up: boolean
  readonly leads: number
}

/** Something that was seen to change, or that somebody did. */
export interface Change {
  readonly at: string
  readonly kind: 'good' | 'bad' | 'neutral' | 'act'
  readonly text: string
  readonly link: string | null
}

export interface Overview {
  readonly at: string
  /** `warning`: reviews are on time, and something wants to be looked at. */
  readonly state: 'ok' | 'warning' | 'late' | 'broken'
  /** One sentence: whether reviews are late, and where. */
  readonly headline: string
  readonly problems: readonly Problem[]
  readonly api: Stage
  readonly log: Stage
  readonly relay: Stage
  readonly topics: Stage
  readonly groups: readonly {
    readonly group: Stage
    readonly effect: Stage
    readonly latency: Latency | null
  }[]
  /** From a review's acceptance to its place in the statistics. */
  readonly accepted_to_visible: Latency | null
  /** Letters that wait for a decision; null while the index cannot be asked. */
  readonly open_dead_letters: number | null
  readonly brokers: readonly BrokerHealth[]
  readonly services: readonly ServiceHealth[]
  /** Newest first. */
  readonly changes: readonly Change[]
  /** Accepted reviews a second, oldest first, for a small chart. */
  readonly rates: readonly { readonly at: string; readonly rate: number }[]
}
