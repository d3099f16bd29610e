import { allTopics } from '../../contracts/topics.ts'
import { AppError } from '../../platform/errors.ts'
import type { Admin } from '../../platform/kafka/admin.ts'
import type { TopicPage, TopicRow } from '../contract/topics.ts'
import type { History } from '../pipeline/history.ts'
import { describeTopic, listTopics, type TopicSummary } from '../topics.ts'

export interface TopicSources {
  readonly admin: Admin
  readonly history: History
  readonly replicationFactor: number
}

export function isOurs(name: string): boolean {
  return allTopics.some((topic) => topic.name === name)
}

/** Every topic, with what it takes on disk and who reads it. */
export async function topicRows(sources: TopicSources): Promise<TopicRow[]> {
  const [topics, bytes, lags] = await Promise.all([
    listTopics(sources.admin),
    bytesByTopic(sources.admin),
    lagsByTopic(sources),
  ])
  return topics
    .map((topic) => rowOf(topic, sources.history, bytes, lags))
    .sort((a, b) => Number(b.ours) - Number(a.ours) || (a.name < b.name ? -1 : 1))
}

/** @throws {AppError} `not_found` */
export async function topicPage(sources: TopicSources, name: string): Promise<TopicPage> {
  // First, since it says when there is no such topic.
  const details = await describeTopic(sources.admin, name, sources.replicationFactor)
  const [bytes, lags, everySetting] = await Promise.all([
    bytesByTopic(sources.admin),
    lagsByTopic(sources),
    sources.admin.settings(name),
  ])
  const { key, event_types, partition_list, settings: declared } = details
  const others = Object.entries(everySetting)
    .filter(([setting]) => !declared.some((one) => one.name === setting))
    .map(([setting, has]) => ({ name: setting, has, wants: null }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const settings = [...declared, ...others]
  return { ...rowOf(details, sources.history, bytes, lags), key, event_types, partition_list, settings }
}

function rowOf(
  topic: TopicSummary,
  history: History,
  bytes: ReadonlyMap<string, number>,
  lags: ReadonlyMap<string, TopicRow['groups']>,
): TopicRow {
  const {
    name,
    partitions,
    replication_factor,
    min_insync_replicas,
    retention_ms,
    records,
    partitions_at_risk,
  } = topic
  const rate = history.rate(({ kafka }) => kafka?.ends.get(name) ?? null)
  return {
    name,
    ours: isOurs(name),
    partitions,
    replication_factor,
    min_insync_replicas,
    retention_ms,
    records,
    bytes: bytes.get(name) ?? null,
    rate: rate === null ? null : Math.round(rate * 10) / 10,
    partitions_at_risk,
    groups: lags.get(name) ?? [],
  }
}

/** On the broker that has most of it: every one has a copy of its own. */
async function bytesByTopic(admin: Admin): Promise<ReadonlyMap<string, number>> {
  const disks = await admin.disks().catch(() => [])
  const most = new Map<string, number>()
  for (const [topic, bytes] of disks.flatMap((disk) => [...disk.topics])) {
    most.set(topic, Math.max(most.get(topic) ?? 0, bytes))
  }
  return most
}

async function lagsByTopic({
  admin,
  history,
}: TopicSources): Promise<ReadonlyMap<string, TopicRow['groups']>> {
  const known = history.latest?.kafka?.groups ?? []
  const committed = await Promise.all(
    known.map(async ({ group }) => [group, await admin.committed(group)] as const),
  )
  const names = new Set(committed.flatMap(([, topics]) => [...topics.keys()]))
  const entries = await Promise.all(
    [...names].map(async (name): Promise<[string, TopicRow['groups']]> => {
      const ends = await admin.offsets(name, 'latest')
      const readers = committed.flatMap(([group, topics]) => {
        const offsets = topics.get(name)
        if (!offsets) return []
        const lag = [...offsets].reduce(
          (sum, [partition, offset]) => sum + Math.max(0, Number((ends.get(partition) ?? 0n) - offset)),
          0,
        )
        return [{ group, lag }]
      })
      return [name, readers]
    }),
  )
  return new Map(entries)
}

/** @throws {AppError} `topic_protected` for what TheReview declares: its declaration is in the code */
export function assertNotOurs(name: string): void {
  if (!isOurs(name)) return
  const message = `${name} belongs to TheReview: change its declaration, and run thereview topics apply`
  throw new AppError('topic_protected', 'fatal', message)
}
