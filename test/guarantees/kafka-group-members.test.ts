import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { Admin, ConfigResourceTypes, IncrementalAlterConfigOperationTypes } from '@platformatic/kafka'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { groupMembers } from '../support/group-members.ts'
import { NumberedSender, tally } from '../support/numbered-records.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'

const { KAFKA_BROKERS, KAFKA_PREFIX } = await createTestEnvironment()
const brokers = KAFKA_BROKERS.split(',')
const kafka = createKafka({ brokers, prefix: KAFKA_PREFIX, clientId: 'test', log: silent })
const admin = kafka.admin()
const producer = kafka.producer()
const partitions = 6
let release: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of release.toReversed()) await end()
  release = []
})
after(() => Promise.all([producer.close(), admin.close()]))

/** A topic under steady load, and a group that reads it in processes of its own. */
async function underLoad(topic: string) {
  await admin.createTopic({ name: topic, partitions, replicationFactor: 3, settings: {} })
  const sender = new NumberedSender(producer, topic, partitions)
  const group = `group-${topic}`
  const members = groupMembers({ brokers, prefix: KAFKA_PREFIX, group, topic, batchMs: 2 })
  release.push(
    () => members.endAll(),
    () => sender.stop(),
  )
  sender.start()

  const committed = async () => (await admin.committed(group)).get(topic) ?? new Map<number, bigint>()
  const effects = () => tally(bySequence(members.effects()))
  return {
    members,
    sender,
    committed,
    everythingDone: async () => {
      await sender.stop()
      await until(
        'everything is done',
        () => [...effects().next.values()].every((n) => n >= sender.acknowledged),
        {
          timeoutMs: 30_000,
        },
      )
      await until('everything is committed', async () =>
        [...(await committed()).values()].every((offset) => offset >= BigInt(sender.acknowledged)),
      )
      return effects()
    },
  }
}

/** How long the group waits for a member that is silent. */
async function sessionOf(group: string, milliseconds: number): Promise<void> {
  const client = new Admin({ clientId: 'test', bootstrapBrokers: brokers })
  const configs = [
    {
      name: 'consumer.session.timeout.ms',
      value: String(milliseconds),
      configOperation: IncrementalAlterConfigOperationTypes.SET,
    },
  ]
  const resource = {
    resourceType: ConfigResourceTypes.GROUP,
    resourceName: `${KAFKA_PREFIX}${group}`,
    configs,
  }
  await client.incrementalAlterConfigs({ resources: [resource] })
  await client.close()
}

/** Effects of several processes have no common order; each number once is what counts, so they are sorted. */
function bySequence<T extends { partition: number; value: Buffer }>(effects: T[]): T[] {
  return effects.toSorted((a, b) => a.partition - b.partition || Number(a.value) - Number(b.value))
}

test('members that are killed, join and leave miss nothing', async () => {
  const { members, everythingDone } = await underLoad('churn')
  const first = members.start()
  const second = members.start()
  const busy = (member: typeof first) => until('it works', () => member.effects().length > 200)
  await Promise.all([busy(first), busy(second)])

  await first.end('SIGKILL')
  const third = members.start()
  await busy(third)
  await second.end('SIGTERM')
  const fourth = members.start()
  await busy(fourth)
  await third.end('SIGKILL')

  const { missing, next } = await everythingDone()
  assert.deepEqual(missing, [])
  assert.equal(next.size, partitions)
})

test('a member that is killed and started anew has its own place back, long before its session ends', async () => {
  await sessionOf('group-restart', 45_000)
  const { members, everythingDone } = await underLoad('restart')
  const first = members.start('worker-1')
  await until('it works', () => first.effects().length > 200)
  await first.end('SIGKILL')
  const again = members.start('worker-1')
  await until('it works again', () => again.effects().length > 0, { timeoutMs: 15_000 })
  assert.deepEqual((await everythingDone()).missing, [])
})

test('a member that is frozen beyond its session and thawed misses nothing, and moves no commit back', async () => {
  const { members, committed, sender, everythingDone } = await underLoad('frozen')
  const first = members.start('worker-1')
  const second = members.start('worker-2')
  const busy = (member: typeof first) => until('it works', () => member.effects().length > 200)
  await Promise.all([busy(first), busy(second)])

  first.signal('SIGSTOP')
  const at = sender.acknowledged + 200
  await until('the other has taken over everything', async () =>
    [...(await committed()).values()].every((offset) => offset > BigInt(at)),
  )
  const before = await committed()
  first.signal('SIGCONT')
  const effectsBefore = first.effects().length
  await until('the thawed one works again', () => first.effects().length > effectsBefore + 200)
  for (const [partition, offset] of await committed()) assert.ok(offset >= (before.get(partition) ?? 0n))

  const { missing } = await everythingDone()
  assert.deepEqual(missing, [])
})
