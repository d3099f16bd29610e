import { AppError } from '../../platform/errors.ts'
import type { Admin } from '../../platform/kafka/admin.ts'
import { groupLag } from '../../platform/kafka/lag.ts'
import type { GroupDetails } from '../contract/groups.ts'
import type { TimestampAt } from '../exporter/kafka-metrics.ts'
import type { History } from '../pipeline/history.ts'
import { summaryOf } from './list-groups.ts'

export interface GroupSources {
  readonly admin: Admin
  readonly timestampAt: TimestampAt
  readonly history: History
  readonly now: () => number
}

/** A group with its members and where each partition stands, asked now. @throws {AppError} `not_found` */
export async function describeGroup(sources: GroupSources, name: string): Promise<GroupDetails> {
  const { admin, history } = sources
  const facts = history.latest?.kafka?.groups.find(({ group }) => group === name)
  if (!facts) throw new AppError('not_found', 'fatal', `the cluster knows no group "${name}"`)
  const [{ state, members }, lags, coordinator] = await Promise.all([
    admin.describeGroup(name),
    groupLag(admin, name),
    admin.coordinatorOf(name).catch(() => null),
  ])
  const readerOf = (topic: string, partition: number) =>
    members.find((member) =>
      member.partitions.some((own) => own.topic === topic && own.partitions.includes(partition)),
    )?.memberId ?? null
  const partitions = await Promise.all(
    lags.map(async ({ topic, partition, committed, end, lag }) => ({
      topic,
      partition,
      committed: committed === null ? null : Number(committed),
      end: Number(end),
      lag: lag === null ? null : Number(lag),
      lag_seconds:
        lag === null || committed === null
          ? null
          : lag === 0n
            ? 0
            : await ageOf(sources, topic, partition, committed),
      member: readerOf(topic, partition),
    })),
  )
  return {
    ...summaryOf({ ...facts, state, members: members.length }, history),
    partitions: partitions.sort((a, b) =>
      a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
    ),
    member_list: members.map(({ memberId, clientId, host, partitions: own }) => ({
      member_id: memberId,
      client_id: clientId,
      host: host.replace(/^\//, ''),
      partitions: own
        .flatMap(({ topic, partitions: numbers }) => numbers.map((number) => `${topic}-${number}`))
        .sort(),
    })),
    coordinator,
  }
}

async function ageOf(
  { timestampAt, now }: GroupSources,
  topic: string,
  partition: number,
  offset: bigint,
): Promise<number> {
  const written = await timestampAt(topic, partition, offset)
  return written === null ? 0 : Math.round(Math.max(0, now() - Number(written)) / 100) / 10
}
