import { alterPartitionReassignmentsV0, ConnectionPool } from '@platformatic/kafka'

export interface Reassignment {
  readonly partition: number
  readonly replicas: readonly number[]
}

/** Begins to move a topic's replicas; the brokers go on by themselves. */
export async function reassign(broker: string, topic: string, plan: readonly Reassignment[]): Promise<void> {
  const [host = '', port] = broker.split(':')
  const connections = new ConnectionPool('faults')
  try {
    const connection = await connections.get({ host, port: Number(port) })
    const partitions = plan.map(({ partition, replicas }) => ({
      partitionIndex: partition,
      replicas: [...replicas],
    }))
    await alterPartitionReassignmentsV0.api.async(connection, 30_000, true, [{ name: topic, partitions }])
  } finally {
    await connections.close()
  }
}
