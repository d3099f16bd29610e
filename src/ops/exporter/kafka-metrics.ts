import { Gauge, type Registry } from 'prom-client'
import { lagOf, type PartitionLag } from './group-lag.ts'
import type { KafkaSnapshot } from './kafka-snapshot.ts'

/** When a record was written, in milliseconds since 1970; null where there is none at that offset any more. */
export type TimestampAt = (topic: string, partition: number, offset: bigint) => Promise<bigint | null>

export interface KafkaMetricsOptions {
  readonly registry: Registry
  readonly clusterName: string
  readonly timestampAt: TimestampAt
  readonly now: () => number
}

/**
 * kafka_exporter's names, labels and quirks, so that its dashboards work unchanged, and lag in seconds beyond it.
 * Every value is replaced by each snapshot: what is gone from the cluster has no series.
 * Source: https://github.com/danielqsj/kafka_exporter
 */
export function kafkaMetrics({ registry, clusterName, timestampAt, now }: KafkaMetricsOptions) {
  const gauge = <const L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  const partition = ['topic', 'partition'] as const
  const groupPartition = ['consumergroup', 'topic', 'partition'] as const

  const all = {
    brokers: gauge('kafka_brokers', 'Number of Brokers in the Kafka Cluster.', []),
    brokerInfo: gauge('kafka_broker_info', 'Information about the Kafka Broker.', ['id', 'address']),
    partitions: gauge('kafka_topic_partitions', 'Number of partitions for this Topic', ['topic']),
    current: gauge(
      'kafka_topic_partition_current_offset',
      'Current Offset of a Broker at Topic/Partition',
      partition,
    ),
    oldest: gauge(
      'kafka_topic_partition_oldest_offset',
      'Oldest Offset of a Broker at Topic/Partition',
      partition,
    ),
    leader: gauge('kafka_topic_partition_leader', 'Leader Broker ID of this Topic/Partition', partition),
    preferred: gauge(
      'kafka_topic_partition_leader_is_preferred',
      '1 if Topic/Partition is using the Preferred Broker',
      partition,
    ),
    replicas: gauge(
      'kafka_topic_partition_replicas',
      'Number of Replicas for this Topic/Partition',
      partition,
    ),
    inSync: gauge(
      'kafka_topic_partition_in_sync_replica',
      'Number of In-Sync Replicas for this Topic/Partition',
      partition,
    ),
    underReplicated: gauge(
      'kafka_topic_partition_under_replicated_partition',
      '1 if Topic/Partition is under Replicated',
      partition,
    ),
    groupOffset: gauge(
      'kafka_consumergroup_current_offset',
      'Current Offset of a ConsumerGroup at Topic/Partition',
      groupPartition,
    ),
    groupOffsetSum: gauge(
      'kafka_consumergroup_current_offset_sum',
      'Current Offset of a ConsumerGroup at Topic for all partitions',
      ['consumergroup', 'topic'],
    ),
    lag: gauge(
      'kafka_consumergroup_lag',
      'Current Approximate Lag of a ConsumerGroup at Topic/Partition',
      groupPartition,
    ),
    lagSum: gauge(
      'kafka_consumergroup_lag_sum',
      'Current Approximate Lag of a ConsumerGroup at Topic for all partitions',
      ['consumergroup', 'topic'],
    ),
    members: gauge('kafka_consumergroup_members', 'Amount of members in a consumer group', ['consumergroup']),
    lagSeconds: gauge(
      'kafka_consumergroup_group_lag_seconds',
      'Age of the first record that the group has not dealt with, 0 when it has caught up',
      ['cluster_name', 'group', 'topic', 'partition'],
    ),
    maxLagSeconds: gauge(
      'kafka_consumergroup_group_max_lag_seconds',
      'Age of the oldest record that the group has not dealt with, 0 when it has caught up',
      ['cluster_name', 'group'],
    ),
  }

  async function ageOf({ topic, partition: number, committed, lag }: PartitionLag): Promise<number> {
    if (lag <= 0n) return 0
    const written = await timestampAt(topic, number, committed)
    return written === null ? 0 : Math.max(0, now() - Number(written)) / 1000
  }

  /** Replaces every value by what a snapshot says. */
  return async function update(snapshot: KafkaSnapshot): Promise<void> {
    const lags = await Promise.all(
      snapshot.groups.map(async (group) => {
        const partitions = lagOf(group, snapshot)
        const ages = await Promise.all(partitions.map(ageOf))
        return { group, partitions: partitions.map((lag, index) => ({ ...lag, age: ages[index] ?? 0 })) }
      }),
    )
    for (const metric of Object.values(all)) metric.reset()

    all.brokers.set(snapshot.cluster.brokers.length)
    for (const { id, host, port } of snapshot.cluster.brokers) {
      all.brokerInfo.set({ id: String(id), address: `${host}:${port}` }, 1)
    }
    for (const topic of snapshot.topics) {
      all.partitions.set({ topic: topic.name }, topic.partitions.length)
      for (const { partition: number, leader, replicas, inSync } of topic.partitions) {
        const labels = { topic: topic.name, partition: String(number) }
        const current = topic.current.get(number)
        const oldest = topic.oldest.get(number)
        if (current != null) all.current.set(labels, Number(current))
        if (oldest != null) all.oldest.set(labels, Number(oldest))
        // A partition without a leader has no series of it, as with kafka_exporter: its absence is the alarm.
        if (leader !== null) all.leader.set(labels, leader)
        all.preferred.set(labels, leader === replicas[0] ? 1 : 0)
        all.replicas.set(labels, replicas.length)
        all.inSync.set(labels, inSync.length)
        all.underReplicated.set(labels, inSync.length < replicas.length ? 1 : 0)
      }
    }
    for (const { group, partitions } of lags) {
      const consumergroup = group.group
      all.members.set({ consumergroup }, group.members.length)
      all.maxLagSeconds.set(
        { cluster_name: clusterName, group: consumergroup },
        Math.max(0, ...partitions.map(({ age }) => age)),
      )
      for (const { topic, partition: number, committed, lag, age } of partitions) {
        const labels = { consumergroup, topic, partition: String(number) }
        all.groupOffset.set(labels, Number(committed))
        all.lag.set(labels, Number(lag))
        all.groupOffsetSum.inc({ consumergroup, topic }, Number(committed))
        all.lagSum.inc({ consumergroup, topic }, lag > 0n ? Number(lag) : 0)
        all.lagSeconds.set(
          { cluster_name: clusterName, group: consumergroup, topic, partition: String(number) },
          age,
        )
      }
    }
  }
}
