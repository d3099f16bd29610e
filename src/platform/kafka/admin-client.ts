import {
  Admin as Client,
  ConfigResourceTypes,
  describeQuorumV2,
  IncrementalAlterConfigOperationTypes,
} from '@platformatic/kafka'
import { AppError } from '../errors.ts'
import { Turns } from '../turns.ts'
import type {
  Admin,
  BrokerDisk,
  ClusterDescription,
  OffsetAt,
  QuorumDescription,
  TopicDescription,
} from './admin.ts'
import { Bootstrap } from './bootstrap.ts'
import { fromClient, hasKafkaCode } from './client-error.ts'
import { type Metadata, readMetadata } from './cluster-map.ts'
import type { KafkaAddress } from './connection.ts'
import { groupAdmin } from './group-admin.ts'
import { listOffsets } from './list-offsets.ts'
import type { Names } from './names.ts'
import { answering, assertTakesRecords, nodesOf } from './roll-call.ts'

/** A topic with the name that the cluster knows it by. */
interface NamedTopic extends TopicDescription {
  readonly theirs: string
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
  const groups = groupAdmin({ client, connections, bootstrap, names })

  const asked = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw fromClient(error)
    }
  }

  // Of two changes at once the client may send one alone, and give its answer to both.
  const turns = new Turns({ maxLength: 100 })
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => turns.take('changes', () => asked(change()))

  function named(metadata: Metadata): NamedTopic[] {
    return metadata.topics.flatMap(({ name, isInternal, partitions }) => {
      const ours = isInternal ? name : names.ours(name ?? '')
      if (!name || !ours) return []
      const described = partitions.map(({ partitionIndex, leaderId, replicaNodes, isrNodes }) => ({
        partition: partitionIndex,
        leader: leaderId < 0 ? null : leaderId,
        replicas: replicaNodes,
        inSync: isrNodes,
      }))
      const inOrder = described.toSorted((a, b) => a.partition - b.partition)
      return [{ name: ours, theirs: name, internal: isInternal, partitions: inOrder }]
    })
  }

  const everyTopic = async () => named(await readMetadata(bootstrap, null))

  async function topics(): Promise<readonly NamedTopic[]> {
    return (await everyTopic()).filter(({ internal }) => !internal)
  }

  async function cluster(): Promise<ClusterDescription> {
    const metadata = await readMetadata(bootstrap, [])
    const { clusterId, controllerId } = metadata
    return {
      clusterId: clusterId ?? '',
      controllerId,
      brokers: await answering(connections, nodesOf(metadata)),
    }
  }

  async function offsets(topic: string, at: OffsetAt): Promise<ReadonlyMap<number, bigint | null>> {
    const metadata = await readMetadata(bootstrap, null)
    const found = named(metadata).find(({ name }) => name === topic)
    const led = (found?.partitions ?? []).flatMap(({ partition, leader }) =>
      leader === null ? [] : [[partition, leader] as const],
    )
    if (!found || led.length === 0) return new Map()
    const timestamp = typeof at === 'number' ? BigInt(at) : specialOffsets[at]
    return listOffsets(connections, nodesOf(metadata), {
      topic: found.theirs,
      leaders: new Map(led),
      timestamp,
    })
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

  return {
    cluster: () => asked(cluster()),
    topics: () => asked(topics()),
    everyTopic: () => asked(everyTopic()),
    assertTakesRecords: (topics, minInSync) => {
      const theirs = topics.map((topic) => names.theirs(topic))
      return asked(assertTakesRecords({ connections, bootstrap }, theirs, minInSync))
    },
    settings: (topic) => asked(settings(topic)),
    async createTopic({ name, partitions, replicationFactor, settings: wanted }) {
      const configs = Object.entries(wanted).map(([setting, value]) => ({ name: setting, value }))
      const topic = { topic: names.theirs(name), partitions, replicas: replicationFactor }
      try {
        await inTurn(() => client.createTopics({ topics: [topic], configs }))
      } catch (error) {
        // A topic that was made a moment ago may not be among those that the cluster lists.
        if (!hasKafkaCode(error, 'TOPIC_ALREADY_EXISTS')) throw error
        throw new AppError('topic_already_exists', 'fatal', `there is a topic ${name}`, { cause: error })
      }
    },
    deleteTopic: (topic) => inTurn(() => client.deleteTopics({ topics: [names.theirs(topic)] })),
    growTopic: (topic, count) =>
      inTurn(() => client.createPartitions({ topics: [{ name: names.theirs(topic), count }] })),
    async changeSettings(topic, wanted) {
      const configs = Object.entries(wanted).map(([name, value]) => ({
        name,
        value,
        configOperation: IncrementalAlterConfigOperationTypes.SET,
      }))
      const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: names.theirs(topic), configs }
      await inTurn(() => client.incrementalAlterConfigs({ resources: [resource] }))
    },
    offsets: (topic, at) => asked(offsets(topic, at)),
    groups: () => asked(groups.list()),
    describeGroup: (group) => asked(groups.describe(group)),
    coordinatorOf: (group) => asked(groups.coordinatorOf(group)),
    committed: (group) => asked(groups.committed(group)),
    setOffsets: (group, topic, wanted) => asked(groups.setOffsets(group, topic, wanted)),
    disks: () => asked(disks()),
    quorum: () => asked(quorum()),
    close: () => client.close(),
  }
}
