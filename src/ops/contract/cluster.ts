export interface ClusterPage {
  readonly cluster_id: string
  /** Leader of the quorum of controllers; null where the cluster does not say. */
  readonly controller: number | null
  readonly quorum: readonly { readonly id: number; readonly lag: number; readonly leader: boolean }[]
  readonly brokers: readonly {
    readonly id: number
    readonly address: string | null
    readonly up: boolean
    readonly leads: number
    readonly replicas: number
    readonly out_of_sync: number
    readonly bytes: number | null
    readonly disk_total: number | null
    readonly disk_free: number | null
  }[]
  readonly under_replicated: readonly string[]
  readonly offline: readonly string[]
  readonly below_min_isr: readonly string[]
}

export interface SubjectRow {
  readonly subject: string
  readonly versions: readonly number[]
  readonly compatibility: string | null
}

export interface SubjectVersion {
  readonly subject: string
  readonly version: number
  readonly id: number
  readonly schema: string
}
