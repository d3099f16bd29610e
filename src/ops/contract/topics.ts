export interface TopicRow {
  readonly name: string
  readonly ours: boolean
  readonly partitions: number
  readonly replication_factor: number
  readonly min_insync_replicas: number
  /** -1: for ever. */
  readonly retention_ms: number
  readonly records: number
  /** On one broker's disks, with all partitions; null where brokers do not say. */
  readonly bytes: number | null
  readonly rate: number | null
  readonly partitions_at_risk: number
  readonly groups: readonly { readonly group: string; readonly lag: number }[]
}

export interface TopicPage extends TopicRow {
  readonly key: string | null
  readonly event_types: readonly string[]
  readonly partition_list: readonly {
    readonly partition: number
    readonly leader: number | null
    readonly replicas: readonly number[]
    readonly in_sync: readonly number[]
    readonly first_offset: number
    readonly end_offset: number
  }[]
  /** The declared ones first; `wants` is null for what is not declared. */
  readonly settings: readonly {
    readonly name: string
    readonly has: string
    readonly wants: string | null
  }[]
}
