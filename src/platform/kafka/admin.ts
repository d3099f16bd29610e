export interface PartitionDescription {
  readonly partition: number
  /** Null while it has none. */
  readonly leader: number | null
  readonly replicas: readonly number[]
  readonly inSync: readonly number[]
}

export interface TopicDescription {
  readonly name: string
  /** Kafka's own, such as `__consumer_offsets`. */
  readonly internal: boolean
  readonly partitions: readonly PartitionDescription[]
}

export interface ClusterDescription {
  readonly clusterId: string
  readonly controllerId: number
  /** Those that answer. */
  readonly brokers: readonly { readonly id: number; readonly host: string; readonly port: number }[]
}

export interface GroupMember {
  readonly memberId: string
  readonly clientId: string
  readonly host: string
  readonly partitions: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
}

export interface GroupDescription {
  readonly group: string
  readonly state: string
  readonly members: readonly GroupMember[]
}

export interface BrokerDisk {
  readonly broker: number
  readonly totalBytes: number
  readonly usableBytes: number
  /** Bytes of each topic, with all its partitions on this broker. */
  readonly topics: ReadonlyMap<string, number>
}

export interface QuorumDescription {
  readonly leader: number
  /** `behind`: records of the metadata log that a controller has not fetched yet. */
  readonly voters: readonly { readonly id: number; readonly behind: number }[]
}

export interface NewTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly settings: Readonly<Record<string, string>>
}

/** Milliseconds since 1970 for the first record not before that moment. */
export type OffsetAt = 'earliest' | 'latest' | number

/** What an operator asks of a cluster, as far as it is ours. Every function rejects with an `AppError`. */
export interface Admin {
  cluster(): Promise<ClusterDescription>
  topics(): Promise<readonly TopicDescription[]>
  /** Kafka's own too, under their own names whatever the prefix. */
  everyTopic(): Promise<readonly TopicDescription[]>
  /** @throws {AppError} retryable, while records to these topics could not be acknowledged */
  assertTakesRecords(topics: readonly string[], minInSync: number): Promise<void>
  /** Every setting of a topic, also those that were never set. */
  settings(topic: string): Promise<Readonly<Record<string, string>>>
  /** @throws {AppError} `topic_already_exists` */
  createTopic(topic: NewTopic): Promise<void>
  /** With all its records. */
  deleteTopic(topic: string): Promise<void>
  growTopic(topic: string, partitions: number): Promise<void>
  changeSettings(topic: string, settings: Readonly<Record<string, string>>): Promise<void>
  /** By partition that has a leader; with a moment, null where no record is that young. */
  offsets(topic: string, at: OffsetAt): Promise<ReadonlyMap<number, bigint | null>>
  /** The groups that ever were and still have offsets or members, as far as the brokers that answer know. */
  groups(): Promise<readonly string[]>
  describeGroup(group: string): Promise<GroupDescription>
  /** The id of the broker that keeps a group's members and offsets. */
  coordinatorOf(group: string): Promise<number>
  /** What a group has committed, by topic and partition. */
  committed(group: string): Promise<ReadonlyMap<string, ReadonlyMap<number, bigint>>>
  /** Sets where a group goes on from. @throws {AppError} `group_active` while it has members */
  setOffsets(group: string, topic: string, offsets: ReadonlyMap<number, bigint>): Promise<void>
  /** What topics take on the disks of each broker that answers, and what there is room for. */
  disks(): Promise<readonly BrokerDisk[]>
  /** The controllers, and which of them leads. */
  quorum(): Promise<QuorumDescription>
  close(): Promise<void>
}
