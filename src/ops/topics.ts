import { catalogue } from '../contracts/catalogue.ts'
import { allTopics } from '../contracts/topics.ts'
import { AppError } from '../platform/errors.ts'
import type { Admin, TopicDescription } from '../platform/kafka/admin.ts'
import { settingsOf } from '../platform/kafka/apply-topics.ts'

export interface TopicSummary {
  readonly name: string
  readonly partitions: number
  readonly replication_factor: number
  readonly min_insync_replicas: number
  /** -1: for ever. */
  readonly retention_ms: number
  /** Records that are on the topic now, counted by their offsets. */
  readonly records: number
  /** Partitions with fewer in-sync replicas than replicas, or without a leader. */
  readonly partitions_at_risk: number
}

/** Every topic of ours that the cluster has, by name. */
export async function listTopics(admin: Admin): Promise<TopicSummary[]> {
  const topics = await admin.topics()
  const summaries = await Promise.all(topics.map((topic) => summaryOf(admin, topic)))
  return summaries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

export interface TopicDetails extends TopicSummary {
  /** What the key of its records is; null for a topic that is not declared. */
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
  /** The settings that are declared, and what the cluster has in their place. */
  readonly settings: readonly { readonly name: string; readonly has: string; readonly wants: string }[]
}

/** @throws {AppError} `not_found` naming the topics that there are */
export async function describeTopic(
  admin: Admin,
  name: string,
  replicationFactor: number,
): Promise<TopicDetails> {
  const topics = await admin.topics()
  const topic = topics.find((one) => one.name === name)
  if (!topic) throw noSuchTopic(name, topics)
  const declared = allTopics.find((one) => one.name === name)
  const actual = await admin.settings(name)
  const { first, end } = await offsetsOf(admin, name)
  return {
    ...(await summaryOf(admin, topic)),
    key: declared?.key ?? null,
    event_types: catalogue.filter((event) => event.topic.name === name).map(({ type }) => type),
    partition_list: topic.partitions.map(({ partition, leader, replicas, inSync }) => ({
      partition,
      leader,
      replicas,
      in_sync: inSync,
      first_offset: Number(first.get(partition) ?? 0n),
      end_offset: Number(end.get(partition) ?? 0n),
    })),
    settings: Object.entries(declared ? settingsOf(declared, replicationFactor) : {}).map(
      ([setting, wants]) => ({ name: setting, has: actual[setting] ?? '', wants }),
    ),
  }
}

async function summaryOf(admin: Admin, { name, partitions }: TopicDescription): Promise<TopicSummary> {
  const [settings, { first, end }] = await Promise.all([admin.settings(name), offsetsOf(admin, name)])
  const records = [...end].reduce(
    (sum, [partition, offset]) => sum + (offset ?? 0n) - (first.get(partition) ?? 0n),
    0n,
  )
  return {
    name,
    partitions: partitions.length,
    replication_factor: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    min_insync_replicas: Number(settings['min.insync.replicas']),
    retention_ms: Number(settings['retention.ms']),
    records: Number(records),
    partitions_at_risk: partitions.filter(
      (one) => one.leader === null || one.inSync.length < one.replicas.length,
    ).length,
  }
}

async function offsetsOf(admin: Admin, topic: string) {
  const [first, end] = await Promise.all([admin.offsets(topic, 'earliest'), admin.offsets(topic, 'latest')])
  return { first, end }
}

function noSuchTopic(name: string, topics: readonly TopicDescription[]): AppError {
  const there = topics.map((topic) => topic.name).sort()
  const isDeclared = allTopics.some((topic) => topic.name === name)
  const remedy = isDeclared ? 'Create it: thereview topics apply' : `There are: ${there.join(', ') || 'none'}`
  return new AppError('not_found', 'fatal', `The cluster has no topic "${name}". ${remedy}`)
}
