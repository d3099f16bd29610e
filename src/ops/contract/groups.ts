export interface GroupSummary {
  readonly group: string
  /** As Kafka calls it: Stable, Empty, Reconciling, Dead, … */
  readonly state: string
  readonly members: number
  readonly topics: readonly string[]
  /** Records that are not dealt with, where that is known. */
  readonly lag: number
  /** Age of the oldest of them. */
  readonly lag_seconds: number
  /** Records dealt with in a second. */
  readonly rate: number | null
  /** Until the lag is gone at the present pace; null when it does not shrink, 0 when there is none. */
  readonly catch_up_seconds: number | null
  /** Whether TheReview declares it. */
  readonly ours: boolean
}

export interface GroupPartition {
  readonly topic: string
  readonly partition: number
  /** Null where the group has committed nothing yet. */
  readonly committed: number | null
  readonly end: number
  readonly lag: number | null
  readonly lag_seconds: number | null
  readonly member: string | null
}

export interface GroupMember {
  readonly member_id: string
  readonly client_id: string
  readonly host: string
  readonly partitions: readonly string[]
}

export interface LagPoint {
  readonly at: string
  readonly lag: number
  readonly lag_seconds: number
}

/** The lag in the last hour. */
export interface LagHistory {
  /** `memory`: what the ops service has seen since it started. */
  readonly source: 'memory' | 'prometheus'
  /** Why it is from memory although a Prometheus is configured. */
  readonly problem: string | null
  /** Oldest first. */
  readonly points: readonly LagPoint[]
}

export interface GroupDetails extends GroupSummary {
  readonly partitions: readonly GroupPartition[]
  readonly member_list: readonly GroupMember[]
  readonly coordinator: number | null
}

/** Where a group is to go on from. */
export type ResetTarget =
  | { readonly to: 'earliest' | 'latest' }
  | { readonly to: 'time'; readonly at: string }
  | { readonly to: 'offset'; readonly offset: number; readonly partition: number }

export interface ResetRow {
  readonly topic: string
  readonly partition: number
  readonly before: number | null
  readonly after: number
  readonly first: number
  readonly end: number
  /** Records that the group would get again (more than 0) or never get (less than 0). */
  readonly again: number
}

export interface ResetPreview {
  readonly group: string
  readonly topic: string
  readonly state: string
  readonly members: number
  /** Offsets can be set only while the group has no members. */
  readonly allowed: boolean
  readonly rows: readonly ResetRow[]
}
