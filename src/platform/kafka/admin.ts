import {
  Admin as Client,
  ConfigResourceTypes,
  consumerGroupDescribeV0,
  describeQuorumV2,
  IncrementalAlterConfigOperationTypes,
} from '@platformatic/kafka'
import { AppError } from '../errors.ts'
import { Bootstrap } from './bootstrap.ts'
import { fromClient, hasKafkaCode } from './client-error.ts'
import { readMetadata } from './cluster-map.ts'
import type { KafkaAddress } from './connection.ts'
import { Coordinator } from './coordinator.ts'
import type { Names } from './names.ts'

export interface PartitionDescription {
  readonly partition: number
  /** Null while it has none. */
  readonly leader: number | null
  readonly replicas: readonly number[]
  readonly inSync: readonly number[]
}

export interface TopicDescription {
  readonly name: string
  readonly partitions: readonly PartitionDescription[]
}

export interface ClusterDescription {
  readonly clusterId: string
  readonly controllerId: number
  readonly brokers: readonly { readonly id: number; readonly host: string; readonly port: number }[]
}

export interface GroupMember {
  readonly memberId: string
  readonly clientId: string
  readonly host: string
  readonly partitions: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
}

export interface GroupDescription {
  readonly group: string
  readonly state: string
  readonly members: readonly GroupMember[]
}

export interface BrokerDisk {
  readonly broker: number
  readonly totalBytes: number
  readonly usableBytes: number
  /** Bytes of each topic, with all its partitions on this broker. */
  readonly topics: ReadonlyMap<string, number>
}

export interface QuorumDescription {
  readonly leader: number
  /** `behind`: records of the metadata log that a controller has not fetched yet. */
  readonly voters: readonly { readonly id: number; readonly behind: number }[]
}

export interface NewTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly settings: Readonly<Record<string, string>>
}

/** Milliseconds since 1970 for the first record not before that moment. */
export type OffsetAt = 'earliest' | 'latest' | number

/** What an operator asks of a cluster, as far as it is ours. Every function rejects with an `AppError`. */
export interface Admin {
  cluster(): Promise<ClusterDescription>
  topics(): Promise<readonly TopicDescription[]>
  /** Every setting of a topic, also those that were never set. */
  settings(topic: string): Promise<Readonly<Record<string, string>>>
  createTopic(topic: NewTopic): Promise<void>
  /** With all its records. */
  deleteTopic(topic: string): Promise<void>
  growTopic(topic: string, partitions: number): Promise<void>
  changeSettings(topic: string, settings: Readonly<Record<string, string>>): Promise<void>
  /** By partition; with a moment, null where no record is that young. */
  offsets(topic: string, at: OffsetAt): Promise<ReadonlyMap<number, bigint | null>>
  /** The groups that ever were and still have offsets or members. */
  groups(): Promise<readonly string[]>
  describeGroup(group: string): Promise<GroupDescription>
  /** The id of the broker that keeps a group's members and offsets. */
  coordinatorOf(group: string): Promise<number>
  /** What a group has committed, by topic and partition. */
  committed(group: string): Promise<ReadonlyMap<string, ReadonlyMap<number, bigint>>>
  /** Sets where a group goes on from. @throws {AppError} `group_active` while it has members */
  setOffsets(group: string, topic: string, offsets: ReadonlyMap<number, bigint>): Promise<void>
  /** What topics take on the disks of each broker that answers, and what there is room for. */
  disks(): Promise<readonly BrokerDisk[]>
  /** The controllers, and which of them leads. */
  quorum(): Promise<QuorumDescription>
  close(): Promise<void>
}

const specialOffsets = { earliest: -2n, latest: -1n } as const

export function createAdmin(address: KafkaAddress, names: Names): Admin {
  const client = new Client({
    clientId: address.clientId,
    bootstrapBrokers: [...address.brokers],
    autocreateTopics: false,
    connectTimeout: 2_000,
    requestTimeout: 10_000,
    retries: 5,
    retryDelay: 200,
  })
  const { connections } = client
  const bootstrap = new Bootstrap(connections, address.brokers)

  const asked = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw fromClient(error)
    }
  }

  async function topics(): Promise<readonly TopicDescription[]> {
    const metadata = await readMetadata(bootstrap, null)
    return metadata.topics.flatMap(({ name, isInternal, partitions }) => {
      const ours = name && !isInternal ? names.ours(name) : null
      if (ours === null) return []
      const described = partitions.map(({ partitionIndex, leaderId, replicaNodes, isrNodes }) => ({
        partition: partitionIndex,
        leader: leaderId < 0 ? null : leaderId,
        replicas: replicaNodes,
        inSync: isrNodes,
      }))
      return [{ name: ours, partitions: described.toSorted((a, b) => a.partition - b.partition) }]
    })
  }

  async function offsets(topic: string, at: OffsetAt): Promise<ReadonlyMap<number, bigint | null>> {
    const found = (await topics()).find(({ name }) => name === topic)
    const timestamp = typeof at === 'number' ? BigInt(at) : specialOffsets[at]
    const partitions = (found?.partitions ?? []).map(({ partition }) => ({
      partitionIndex: partition,
      timestamp,
    }))
    if (partitions.length === 0) return new Map()
    const [listed] = await client.listOffsets({ topics: [{ name: names.theirs(topic), partitions }] })
    return new Map(
      (listed?.partitions ?? []).map((one) => [one.partitionIndex, one.offset < 0n ? null : one.offset]),
    )
  }

  async function committed(group: string): Promise<ReadonlyMap<string, ReadonlyMap<number, bigint>>> {
    const [found] = await client.listConsumerGroupOffsets({ groups: [names.theirs(group)] })
    const byTopic = new Map<string, ReadonlyMap<number, bigint>>()
    for (const { name, partitions } of found?.topics ?? []) {
      const ours = names.ours(name)
      const set = partitions.filter(({ committedOffset }) => committedOffset >= 0n)
      if (ours !== null)
        byTopic.set(ours, new Map(set.map((one) => [one.partitionIndex, one.committedOffset])))
    }
    return byTopic
  }

  async function describeGroup(group: string): Promise<GroupDescription> {
    const theirs = names.theirs(group)
    try {
      const response = await new Coordinator(connections, bootstrap, theirs).ask((connection) =>
        consumerGroupDescribeV0.api.async(connection, [theirs], false),
      )
      const [found] = response.groups
      const members = (found?.members ?? []).map(({ memberId, clientId, clientHost, assignment }) => ({
        memberId,
        clientId,
        host: clientHost,
        partitions: assignment.topicPartitions.flatMap(({ topicName, partitions }) => {
          const topic = names.ours(topicName)
          return topic === null ? [] : [{ topic, partitions }]
        }),
      }))
      return { group, state: found?.groupState ?? 'Dead', members }
    } catch (error) {
      // Also what Kafka answers for a group that has offsets and had no member since it was loaded.
      if (hasKafkaCode(error, 'GROUP_ID_NOT_FOUND')) return { group, state: 'Dead', members: [] }
      throw error
    }
  }

  async function settings(topic: string): Promise<Readonly<Record<string, string>>> {
    const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: names.theirs(topic) }
    const [described] = await client.describeConfigs({ resources: [resource] })
    return Object.fromEntries((described?.configs ?? []).map(({ name, value }) => [name, value ?? '']))
  }

  async function disks(): Promise<readonly BrokerDisk[]> {
    const wanted = (await topics()).map(({ name, partitions }) => ({
      name: names.theirs(name),
      partitions: partitions.map(({ partition }) => partition),
    }))
    const described = await client.describeLogDirs({ topics: wanted })
    return described.map(({ broker, results }) => {
      const sizes = new Map<string, number>()
      for (const { name, partitions } of results.flatMap((directory) => directory.topics)) {
        const topic = names.ours(name) ?? name
        const bytes = partitions.reduce((sum, { partitionSize }) => sum + Number(partitionSize), 0)
        sizes.set(topic, (sizes.get(topic) ?? 0) + bytes)
      }
      const sum = (read: (result: (typeof results)[number]) => bigint) =>
        results.reduce((total, result) => total + Number(read(result)), 0)
      return {
        broker,
        totalBytes: sum(({ totalBytes }) => totalBytes),
        usableBytes: sum(({ usableBytes }) => usableBytes),
        topics: sizes,
      }
    })
  }

  async function quorum(): Promise<QuorumDescription> {
    const metadataLog = { topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }
    const answer = await bootstrap.ask((connection) => describeQuorumV2.api.async(connection, [metadataLog]))
    const partition = answer.topics[0]?.partitions[0]
    const voters = partition?.currentVoters ?? []
    const end = Math.max(...voters.map(({ logEndOffset }) => Number(logEndOffset)))
    return {
      leader: partition?.leaderId ?? -1,
      voters: voters.map(({ replicaId, logEndOffset }) => ({
        id: replicaId,
        behind: end - Number(logEndOffset),
      })),
    }
  }

  async function setOffsets(
    group: string,
    topic: string,
    offsets: ReadonlyMap<number, bigint>,
  ): Promise<void> {
    const partitionOffsets = [...offsets].map(([partition, offset]) => ({ partition, offset }))
    const topics = [{ name: names.theirs(topic), partitionOffsets }]
    try {
      await client.alterConsumerGroupOffsets({ groupId: names.theirs(group), topics })
    } catch (error) {
      if (!hasKafkaCode(error, 'UNKNOWN_MEMBER_ID', 'STALE_MEMBER_EPOCH')) throw error
      const message = `${group} has members: stop them first`
      throw new AppError('group_active', 'fatal', message, { cause: error })
    }
  }

  return {
    cluster: () =>
      asked(
        readMetadata(bootstrap, []).then(({ clusterId, controllerId, brokers }) => ({
          clusterId: clusterId ?? '',
          controllerId,
          brokers: brokers.map(({ nodeId, host, port }) => ({ id: nodeId, host, port })),
        })),
      ),
    topics: () => asked(topics()),
    settings: (topic) => asked(settings(topic)),
    async createTopic({ name, partitions, replicationFactor, settings: wanted }) {
      const configs = Object.entries(wanted).map(([setting, value]) => ({ name: setting, value }))
      const topic = { topic: names.theirs(name), partitions, replicas: replicationFactor }
      await asked(client.createTopics({ topics: [topic], configs }))
    },
    deleteTopic: (topic) => asked(client.deleteTopics({ topics: [names.theirs(topic)] })),
    growTopic: (topic, count) =>
      asked(client.createPartitions({ topics: [{ name: names.theirs(topic), count }] })),
    async changeSettings(topic, wanted) {
      const configs = Object.entries(wanted).map(([name, value]) => ({
        name,
        value,
        configOperation: IncrementalAlterConfigOperationTypes.SET,
      }))
      const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: names.theirs(topic), configs }
      await asked(client.incrementalAlterConfigs({ resources: [resource] }))
    },
    offsets: (topic, at) => asked(offsets(topic, at)),
    // Without a list of types the client asks for none, and gets none.
    groups: async () =>
      [...(await asked(client.listGroups({ types: [] }))).keys()].flatMap((g) => names.ours(g) ?? []),
    describeGroup: (group) => asked(describeGroup(group)),
    coordinatorOf: (group) => asked(new Coordinator(connections, bootstrap, names.theirs(group)).brokerId()),
    committed: (group) => asked(committed(group)),
    setOffsets: (group, topic, wanted) => asked(setOffsets(group, topic, wanted)),
    disks: () => asked(disks()),
    quorum: () => asked(quorum()),
    close: () => client.close(),
  }
}
