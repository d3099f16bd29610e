import { type ConnectionPool, listOffsetsV8 } from '@platformatic/kafka'
import { AppError } from '../errors.ts'
import { within } from '../within.ts'
import type { Node } from './cluster-map.ts'

const askMs = 5_000
const noReplica = -1
const readUncommitted = 0

/**
 * One offset for each of these partitions of a topic, as their leaders say; null where there is none for that
 * timestamp. The client's own call throws where nobody can catch it when several are made at once.
 */
export async function listOffsets(
  connections: ConnectionPool,
  nodes: readonly Node[],
  { topic, leaders, timestamp }: { topic: string; leaders: ReadonlyMap<number, number>; timestamp: bigint },
): Promise<ReadonlyMap<number, bigint | null>> {
  const byLeader = Map.groupBy(leaders, ([, leader]) => leader)
  const answers = await Promise.all(
    [...byLeader].map(async ([leader, led]) => {
      const node = nodes.find(({ id }) => id === leader)
      if (!node) throw new AppError('unavailable', 'retryable', `broker ${leader} is away`)
      const partitions = led.map(([partitionIndex]) => ({
        partitionIndex,
        currentLeaderEpoch: -1,
        timestamp,
      }))
      const asked = connections
        .get(node)
        .then((connection) =>
          listOffsetsV8.api.async(connection, noReplica, readUncommitted, [{ name: topic, partitions }]),
        )
      return (await within(askMs, asked)).topics.flatMap((one) => one.partitions)
    }),
  )
  return new Map(
    answers.flat().map(({ partitionIndex, offset }) => [partitionIndex, offset < 0n ? null : offset]),
  )
}
