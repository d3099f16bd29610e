import { type ConnectionPool, listOffsetsV8 } from '@platformatic/kafka'
import { within } from '../within.ts'
import type { ClusterMap } from './cluster-map.ts'

export interface PartitionOffsets {
  readonly connections: ConnectionPool
  readonly cluster: ClusterMap
}

const at = { earliest: -2n, latest: -1n } as const
const askMs = 5_000
const noReplica = -1
const readUncommitted = 0

/** The offset of a partition's first record, or the one after its last, as its leader says. */
export async function offsetOf(
  { connections, cluster }: PartitionOffsets,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  which: keyof typeof at,
): Promise<bigint> {
  const leader = cluster.leaderOf(topic, partition)
  if (!leader) throw new Error(`nobody leads ${topic} ${partition}`)
  const wanted = { partitionIndex: partition, currentLeaderEpoch: -1, timestamp: at[which] }
  const connection = await connections.get(leader)
  const topics = [{ name: topic, partitions: [wanted] }]
  const listed = await within(askMs, listOffsetsV8.api.async(connection, noReplica, readUncommitted, topics))
  const offset = listed.topics[0]?.partitions[0]?.offset
  if (offset === undefined) throw new Error(`${topic} ${partition} has no ${which} offset`)
  return offset
}
