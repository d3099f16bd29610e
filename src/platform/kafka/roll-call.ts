import { type ConnectionPool, metadataV12 } from '@platformatic/kafka'
import { AppError } from '../errors.ts'
import { within } from '../within.ts'
import type { Bootstrap } from './bootstrap.ts'
import { type Metadata, type Node, readMetadata } from './cluster-map.ts'

/** A broker that is alive answers this in a millisecond. */
const answerMs = 700

/**
 * Asks each of these brokers, and returns those that answer. What the cluster says of itself is not enough: while most
 * of the controllers are gone nobody is left to take a dead broker off the list.
 */
export async function answering<B extends Node>(
  connections: ConnectionPool,
  brokers: readonly B[],
): Promise<B[]> {
  const answered = await Promise.all(brokers.map((broker) => answers(connections, broker)))
  return brokers.filter((_, index) => answered[index])
}

function answers(connections: ConnectionPool, broker: Node): Promise<boolean> {
  const asked = connections
    .get(broker)
    .then((connection) => metadataV12.api.async(connection, [], false, false))
  return within(answerMs, asked).then(
    () => true,
    () => false,
  )
}

export const nodesOf = ({ brokers }: Metadata): Node[] =>
  brokers.map(({ nodeId, host, port }) => ({ id: nodeId, host, port }))

/**
 * Whether records can be acknowledged: every partition of these topics has a leader, and replicas in sync that answer,
 * as many as `minInSync` or as it has. Topics that do not exist are no hindrance to others.
 * @throws {AppError} `below_min_isr`, retryable, naming how many partitions take nothing
 */
export async function assertTakesRecords(
  { connections, bootstrap }: { connections: ConnectionPool; bootstrap: Bootstrap },
  topics: readonly string[],
  minInSync: number,
): Promise<void> {
  const metadata = await readMetadata(bootstrap, topics)
  const alive = new Set((await answering(connections, nodesOf(metadata))).map(({ id }) => id))
  const partitions = metadata.topics.flatMap((topic) => topic.partitions)
  const closed = partitions.filter(({ leaderId, replicaNodes, isrNodes }) => {
    const inSync = isrNodes.filter((id) => alive.has(id)).length
    return !alive.has(leaderId) || inSync < Math.min(minInSync, replicaNodes.length)
  })
  if (closed.length === 0) return
  throw new AppError(
    'below_min_isr',
    'retryable',
    `${closed.length} of ${partitions.length} partitions take no records: too few brokers with a copy of them answer`,
  )
}
