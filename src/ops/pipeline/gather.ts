import { groups as ourGroups } from '../../contracts/consumer-groups.ts'
import { allTopics, replication } from '../../contracts/topics.ts'
import type { Admin } from '../../platform/kafka/admin.ts'
import { readLogStanding } from '../../platform/log/standing.ts'
import { readWaitingRetries } from '../../platform/messaging/waiting-retries.ts'
import type { Pool } from '../../platform/postgres/pool.ts'
import { within } from '../../platform/within.ts'
import { countOpenLetters, type OpenLetters } from '../dead-letters/letters.ts'
import { lagOf, type PartitionLag } from '../exporter/group-lag.ts'
import type { TimestampAt } from '../exporter/kafka-metrics.ts'
import { type KafkaSnapshot, takeSnapshot } from '../exporter/kafka-snapshot.ts'
import type { Facts, GroupFacts, KafkaFacts, LetterFacts } from './facts.ts'
import { lookAt, type ServiceAddress } from './service-health.ts'

export interface Sources {
  readonly admin: Admin
  readonly pool: Pool
  readonly services: readonly ServiceAddress[]
  readonly timestampAt: TimestampAt
  readonly replicationFactor: number
  readonly now: () => number
}

const patienceMs = 4_000

/** Asks everything at once; what does not answer in time is away, and the rest is seen all the same. */
export async function gather(sources: Sources): Promise<Facts> {
  const { admin, pool, services, now } = sources
  const orNull = <T>(work: Promise<T>): Promise<T | null> => within(patienceMs, work).catch(() => null)
  const [sights, log, kafka, letters, retries] = await Promise.all([
    Promise.all(services.map(lookAt)),
    orNull(readLogStanding(pool)),
    orNull(takeSnapshot(admin, { internal: false }).then((snapshot) => kafkaFacts(snapshot, sources))),
    orNull(countOpenLetters(pool).then(letterFacts)),
    orNull(readWaitingRetries(pool)),
  ])
  return { at: now(), services: sights, log, kafka, letters, retries }
}

async function kafkaFacts(snapshot: KafkaSnapshot, sources: Sources): Promise<KafkaFacts> {
  const { cluster, topics, groups } = snapshot
  const minIsr = Math.min(replication.minInsyncReplicas, sources.replicationFactor)
  const partitions = topics.flatMap((topic) =>
    topic.partitions.map((partition) => ({ ...partition, label: `${topic.name}-${partition.partition}` })),
  )
  const leads = new Map<number, number>()
  for (const { leader } of partitions) if (leader !== null) leads.set(leader, (leads.get(leader) ?? 0) + 1)
  const known = new Map(groups.map((group) => [group.group, group]))
  const absent = Object.values(ourGroups).filter((name) => !known.has(name))
  const none = { members: [], committed: new Map() }
  return {
    brokers: cluster.brokers.map(({ id, host, port }) => ({ id, address: `${host}:${port}` })),
    replicaHolders: [...new Set(partitions.flatMap(({ replicas }) => replicas))].sort((a, b) => a - b),
    leads,
    ends: new Map(
      topics.map(({ name, current }) => [
        name,
        [...current.values()].reduce((sum, end) => sum + Number(end ?? 0n), 0),
      ]),
    ),
    offline: partitions.filter(({ leader }) => leader === null).map(({ label }) => label),
    underReplicated: partitions.filter((p) => p.inSync.length < p.replicas.length).map(({ label }) => label),
    belowMinIsr: partitions.filter((p) => p.inSync.length < minIsr).map(({ label }) => label),
    missingTopics: allTopics
      .map(({ name }) => name)
      .filter((name) => !topics.some((topic) => topic.name === name)),
    groups: await Promise.all([
      ...groups.map((group) => groupFacts(group, lagOf(group, snapshot), sources)),
      ...absent.map((group) => groupFacts({ group, state: 'Dead', ...none }, [], sources)),
    ]),
  }
}

async function groupFacts(
  { group, state, members, committed }: KafkaSnapshot['groups'][number],
  lags: readonly PartitionLag[],
  { timestampAt, now }: Sources,
): Promise<GroupFacts> {
  const waiting = await Promise.all(
    lags
      .filter(({ lag }) => lag > 0n)
      .map(async ({ topic, partition, committed: from }) => {
        const written = await timestampAt(topic, partition, from)
        const seconds = written === null ? 0 : Math.max(0, now() - Number(written)) / 1000
        return { seconds, at: `${topic}-${partition}, offset ${from}` }
      }),
  )
  const [oldest] = waiting.toSorted((a, b) => b.seconds - a.seconds)
  return {
    group,
    state,
    members: members.length,
    topics: [...committed.keys()].sort(),
    lag: lags.reduce((sum, { lag }) => sum + (lag > 0n ? Number(lag) : 0), 0),
    lagSeconds: oldest?.seconds ?? 0,
    oldestAt: oldest?.at ?? null,
    committed: lags.reduce((sum, one) => sum + Math.max(0, Number(one.committed)), 0),
  }
}

function letterFacts(byCause: readonly OpenLetters[]): LetterFacts {
  return { open: byCause.reduce((sum, { count }) => sum + count, 0), byCause }
}
