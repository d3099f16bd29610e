import type {
  Admin,
  ClusterDescription,
  GroupDescription,
  TopicDescription,
} from '../../platform/kafka/admin.ts'

type Offsets = ReadonlyMap<number, bigint | null>

export interface TopicSnapshot extends TopicDescription {
  readonly oldest: Offsets
  /** The offset of the next record. */
  readonly current: Offsets
}

export interface GroupSnapshot extends GroupDescription {
  readonly committed: ReadonlyMap<string, ReadonlyMap<number, bigint>>
}

/** What the cluster said at one time. */
export interface KafkaSnapshot {
  readonly cluster: ClusterDescription
  readonly topics: readonly TopicSnapshot[]
  readonly groups: readonly GroupSnapshot[]
}

/** Groups' offsets are read before the topics': a lag is then never below what it was, and never negative. */
export async function takeSnapshot(admin: Admin): Promise<KafkaSnapshot> {
  const [cluster, groups] = await Promise.all([admin.cluster(), readGroups(admin)])
  return { cluster, groups, topics: await readTopics(admin) }
}

async function readGroups(admin: Admin): Promise<GroupSnapshot[]> {
  const names = await admin.groups()
  return Promise.all(
    names.map(async (name) => {
      const [described, committed] = await Promise.all([admin.describeGroup(name), admin.committed(name)])
      return { ...described, committed }
    }),
  )
}

async function readTopics(admin: Admin): Promise<TopicSnapshot[]> {
  const topics = await admin.topics()
  return Promise.all(
    topics.map(async (topic) => {
      const [oldest, current] = await Promise.all([
        admin.offsets(topic.name, 'earliest'),
        admin.offsets(topic.name, 'latest'),
      ])
      return { ...topic, oldest, current }
    }),
  )
}
