import { replication } from '../../contracts/topics.ts'
import type { Admin } from '../../platform/kafka/admin.ts'
import type { ClusterPage } from '../contract/cluster.ts'

/** The brokers and controllers, and the partitions that are not as they should be. */
export async function describeCluster(admin: Admin, replicationFactor: number): Promise<ClusterPage> {
  const [cluster, topics, quorum, disks] = await Promise.all([
    admin.cluster(),
    admin.topics(),
    admin.quorum().catch(() => null),
    admin.disks().catch(() => []),
  ])
  const minIsr = Math.min(replication.minInsyncReplicas, replicationFactor)
  const partitions = topics.flatMap(({ name, partitions: own }) =>
    own.map((partition) => ({ ...partition, label: `${name}-${partition.partition}` })),
  )
  const ids = new Set([
    ...cluster.brokers.map(({ id }) => id),
    ...partitions.flatMap(({ replicas }) => replicas),
  ])
  return {
    cluster_id: cluster.clusterId,
    controller: quorum && quorum.leader >= 0 ? quorum.leader : null,
    quorum: (quorum?.voters ?? []).map(({ id, behind }) => ({
      id,
      lag: behind,
      leader: id === quorum?.leader,
    })),
    brokers: [...ids]
      .sort((a, b) => a - b)
      .map((id) => {
        const broker = cluster.brokers.find((one) => one.id === id)
        const disk = disks.find((one) => one.broker === id)
        return {
          id,
          address: broker ? `${broker.host}:${broker.port}` : null,
          up: broker !== undefined,
          leads: partitions.filter(({ leader }) => leader === id).length,
          replicas: partitions.filter(({ replicas }) => replicas.includes(id)).length,
          out_of_sync: partitions.filter((one) => one.replicas.includes(id) && !one.inSync.includes(id))
            .length,
          bytes: disk ? [...disk.topics.values()].reduce((sum, bytes) => sum + bytes, 0) : null,
          disk_total: disk?.totalBytes ?? null,
          disk_free: disk?.usableBytes ?? null,
        }
      }),
    under_replicated: partitions
      .filter((one) => one.inSync.length < one.replicas.length)
      .map(({ label }) => label),
    offline: partitions.filter(({ leader }) => leader === null).map(({ label }) => label),
    below_min_isr: partitions.filter(({ inSync }) => inSync.length < minIsr).map(({ label }) => label),
  }
}
