import type {
  Admin,
  ClusterDescription,
  GroupDescription,
  TopicDescription,
} from '../../platform/kafka/admin.ts'
import { within } from '../../platform/within.ts'

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

/** How long one question may take: what a broker that hangs was asked must not hold up what the others say. */
const patienceMs = 2_000

/**
 * Groups' offsets are read before the topics': a lag is then never below what it was, and never negative. As long as
 * one broker answers there is a snapshot: groups and offsets that others would have to tell of are left out.
 */
export async function takeSnapshot(
  admin: Admin,
  { internal }: { readonly internal: boolean },
): Promise<KafkaSnapshot> {
  const [cluster, groups] = await Promise.all([admin.cluster(), readGroups(admin)])
  const topics = await (internal ? admin.everyTopic() : admin.topics())
  return { cluster, groups, topics: await Promise.all(topics.map((topic) => readTopic(admin, topic))) }
}

async function readGroups(admin: Admin): Promise<GroupSnapshot[]> {
  const names = await orElse([], admin.groups())
  const groups = await Promise.all(
    names.map((name) => orElse(null, Promise.all([admin.describeGroup(name), admin.committed(name)]))),
  )
  return groups.flatMap((group) => (group ? [{ ...group[0], committed: group[1] }] : []))
}

async function readTopic(admin: Admin, topic: TopicDescription): Promise<TopicSnapshot> {
  const unknown: Offsets = new Map()
  const [oldest, current] = await Promise.all([
    orElse(unknown, admin.offsets(topic.name, 'earliest')),
    orElse(unknown, admin.offsets(topic.name, 'latest')),
  ])
  return { ...topic, oldest, current }
}

function orElse<T, E>(fallback: E, work: Promise<T>): Promise<T | E> {
  return within(patienceMs, work).catch(() => fallback)
}
