import { type Admin as Client, consumerGroupDescribeV0, listGroupsV5 } from '@platformatic/kafka'
import { AppError } from '../errors.ts'
import type { GroupDescription } from './admin.ts'
import type { Bootstrap } from './bootstrap.ts'
import { hasKafkaCode } from './client-error.ts'
import { readMetadata } from './cluster-map.ts'
import { Coordinator } from './coordinator.ts'
import type { Names } from './names.ts'
import { answering, nodesOf } from './roll-call.ts'

interface GroupAdminParts {
  readonly client: Client
  readonly connections: Client['connections']
  readonly bootstrap: Bootstrap
  readonly names: Names
}

/** What an operator asks of consumer groups: that part of the port, with the client's own errors. */
export function groupAdmin({ client, connections, bootstrap, names }: GroupAdminParts) {
  async function list(): Promise<readonly string[]> {
    const brokers = await answering(connections, nodesOf(await readMetadata(bootstrap, [])))
    const listed = await Promise.all(
      brokers.map((broker) => connections.get(broker).then((c) => listGroupsV5.api.async(c, [], []))),
    )
    return listed.flatMap((answer) => answer.groups.flatMap(({ groupId }) => names.ours(groupId) ?? []))
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

  async function describe(group: string): Promise<GroupDescription> {
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
    list,
    committed,
    describe,
    setOffsets,
    coordinatorOf: (group: string) => new Coordinator(connections, bootstrap, names.theirs(group)).brokerId(),
  }
}
