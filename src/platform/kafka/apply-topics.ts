import { setTimeout as pause } from 'node:timers/promises'
import { allTopics, replication, type Topic } from '../../contracts/topics.ts'
import { AppError } from '../errors.ts'
import type { Admin, TopicDescription } from './admin.ts'

/** How a cluster differs from what topics are meant to be. */
export type TopicDifference =
  | { readonly kind: 'missing'; readonly topic: Topic }
  | {
      readonly kind: 'too-few-partitions'
      readonly topic: string
      readonly has: number
      readonly wants: number
    }
  | {
      readonly kind: 'setting'
      readonly topic: string
      readonly setting: string
      readonly has: string
      readonly wants: string
    }
  /** What only an operator can change: partitions never shrink, and replicas move by a reassignment. */
  | {
      readonly kind: 'cannot-change'
      readonly topic: string
      readonly what: 'partitions' | 'replication factor'
      readonly has: number
      readonly wants: number
    }

export interface TopicsReport {
  readonly differences: readonly TopicDifference[]
  readonly warnings: readonly string[]
}

export interface ActualTopic extends TopicDescription {
  readonly settings: Readonly<Record<string, string>>
}

/** Compares, and changes nothing. */
export async function compareTopics(admin: Admin, replicationFactor: number): Promise<TopicsReport> {
  const there = (await admin.topics()).filter(({ name }) => allTopics.some((topic) => topic.name === name))
  const actual = await Promise.all(
    there.map(async (topic) => ({ ...topic, settings: await admin.settings(topic.name) })),
  )
  const differences = allTopics.flatMap((topic) =>
    differencesOf(topic, actual.find(({ name }) => name === topic.name) ?? null, replicationFactor),
  )
  return { differences, warnings: warningsFor(replicationFactor) }
}

/** What can be changed. */
export type TopicChange = Exclude<TopicDifference, { kind: 'cannot-change' }>

/**
 * Creates what is missing and changes what differs; never deletes. Returns what it found, and resolves when every
 * topic's partitions have leaders, so that a producer can begin. Doing it twice changes nothing.
 *
 * @param around does each change, with whatever belongs to it
 */
export async function applyTopics(
  admin: Admin,
  replicationFactor: number,
  around: (change: TopicChange, apply: () => Promise<void>) => Promise<void> = (_change, apply) => apply(),
): Promise<TopicsReport> {
  const report = await compareTopics(admin, replicationFactor)
  for (const difference of report.differences) {
    if (difference.kind === 'cannot-change') continue
    try {
      await around(difference, () => apply(admin, difference, replicationFactor))
    } catch (error) {
      // Somebody who applies at the same time was first, with the same declaration.
      if (!(error instanceof AppError && error.code === 'topic_already_exists')) throw error
    }
  }
  await untilReady(admin)
  return report
}

export function differencesOf(
  topic: Topic,
  actual: ActualTopic | null,
  replicationFactor: number,
): TopicDifference[] {
  if (!actual) return [{ kind: 'missing', topic }]
  const { name } = topic
  const differences: TopicDifference[] = []
  const has = actual.partitions.length
  if (has < topic.partitions) {
    differences.push({ kind: 'too-few-partitions', topic: name, has, wants: topic.partitions })
  }
  if (has > topic.partitions) {
    differences.push({ kind: 'cannot-change', topic: name, what: 'partitions', has, wants: topic.partitions })
  }
  const replicas = Math.min(...actual.partitions.map((partition) => partition.replicas.length))
  if (replicas !== replicationFactor) {
    const what = 'replication factor'
    differences.push({ kind: 'cannot-change', topic: name, what, has: replicas, wants: replicationFactor })
  }
  for (const [setting, wants] of Object.entries(settingsOf(topic, replicationFactor))) {
    const set = actual.settings[setting] ?? ''
    if (set !== wants) differences.push({ kind: 'setting', topic: name, setting, has: set, wants })
  }
  return differences
}

export function settingsOf(topic: Topic, replicationFactor: number): Record<string, string> {
  return {
    'retention.ms': String(topic.retentionMs),
    'min.insync.replicas': String(Math.min(replication.minInsyncReplicas, replicationFactor)),
    'unclean.leader.election.enable': 'false',
    ...(topic.maxMessageBytes === undefined ? {} : { 'max.message.bytes': String(topic.maxMessageBytes) }),
  }
}

function warningsFor(replicationFactor: number): string[] {
  if (replicationFactor >= replication.factor) return []
  const copies = replicationFactor === 1 ? 'one copy' : `${replicationFactor} copies`
  return [
    `replication factor ${replicationFactor}: each record has ${copies} only, so the loss of ` +
      `${replicationFactor === 1 ? 'a broker loses records' : 'a broker stops all writing to Kafka'}; ` +
      `use ${replication.factor} where it matters`,
  ]
}

async function apply(admin: Admin, difference: TopicChange, replicationFactor: number): Promise<void> {
  switch (difference.kind) {
    case 'missing': {
      const { topic } = difference
      const settings = settingsOf(topic, replicationFactor)
      return admin.createTopic({
        name: topic.name,
        partitions: topic.partitions,
        replicationFactor,
        settings,
      })
    }
    case 'too-few-partitions':
      return admin.growTopic(difference.topic, difference.wants)
    case 'setting':
      return admin.changeSettings(difference.topic, { [difference.setting]: difference.wants })
    default:
      return difference satisfies never
  }
}

const readyTimeoutMs = 30_000

async function untilReady(admin: Admin): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs
  while (performance.now() < deadline) {
    const topics = await admin.topics()
    const ready = allTopics.every((wanted) => {
      const topic = topics.find(({ name }) => name === wanted.name)
      return topic?.partitions.every(({ leader }) => leader !== null)
    })
    if (ready) return
    await pause(100)
  }
  throw new AppError('unavailable', 'retryable', `the topics have no leaders after ${readyTimeoutMs} ms`)
}
