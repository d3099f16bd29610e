import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, afterEach, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Admin, consumerGroupHeartbeatV1, Producer } from '@platformatic/kafka'
import type { Batch } from '../../src/platform/kafka/batch-in-hand.ts'
import { Bootstrap } from '../../src/platform/kafka/bootstrap.ts'
import { connectTo } from '../../src/platform/kafka/connection.ts'
import type { Consumer } from '../../src/platform/kafka/consumer.ts'
import { Coordinator } from '../../src/platform/kafka/coordinator.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import { groupLag } from '../../src/platform/kafka/lag.ts'
import { within } from '../../src/platform/within.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'

const { KAFKA_BROKERS, KAFKA_PREFIX } = await createTestEnvironment()
const brokers = KAFKA_BROKERS.split(',')
const kafka = createKafka({ brokers, prefix: KAFKA_PREFIX, clientId: 'test', log: silent })
const admin = kafka.admin()
const producer = kafka.producer()
const consumers: Consumer[] = []
afterEach(() => Promise.all(consumers.splice(0).map((consumer) => consumer.stop())))
after(() => Promise.all([producer.close(), admin.close()]))

async function topicWith(name: string, partitions: number, perPartition: number): Promise<string> {
  await admin.createTopic({ name, partitions, replicationFactor: 3, settings: {} })
  await send(name, partitions, perPartition)
  return name
}

async function send(name: string, partitions: number, perPartition: number): Promise<void> {
  await producer.send(
    Array.from({ length: partitions * perPartition }, (_, i) => ({
      topic: name,
      partition: i % partitions,
      key: null,
      value: String(Math.floor(i / partitions)),
      headers: {},
    })),
  )
}

function join(topic: string, instanceId: string | null = null): Consumer {
  const consumer = kafka.consumer({
    group: `group-${topic}`,
    topics: [topic],
    instanceId,
    maxBatchRecords: 100,
  })
  consumers.push(consumer)
  consumer.start()
  return consumer
}

async function nextOf(consumer: Consumer): Promise<Batch> {
  const batch = await within(20_000, consumer.next())
  assert.ok(batch)
  return batch
}

async function readOn(consumer: Consumer, count: number): Promise<string[]> {
  const seen: string[] = []
  while (seen.length < count) {
    const batch = await nextOf(consumer)
    seen.push(...batch.records.map(({ partition, value }) => `${partition}:${value}`))
    consumer.done(batch)
  }
  return seen
}

function bytesHeld(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().arrayBuffers
}

async function committedOn(topic: string): Promise<bigint[]> {
  const committed = (await admin.committed(`group-${topic}`)).get(topic)
  return [...(committed ?? [])].toSorted(([a], [b]) => a - b).map(([, offset]) => offset)
}

test('a group without offsets starts with the first record; the next member goes on where the last one ended', async () => {
  const topic = await topicWith('start', 3, 100)
  const first = join(topic)
  assert.equal(new Set(await readOn(first, 300)).size, 300)
  await first.stop()
  assert.deepEqual(await committedOn(topic), [100n, 100n, 100n])

  await send(topic, 3, 1)
  assert.deepEqual((await readOn(join(topic), 3)).toSorted(), ['0:0', '1:0', '2:0'])
})

test('a commit is never ahead of the effect, and a partition without records has one too', async () => {
  const topic = await topicWith('commit', 2, 0)
  await producer.send([{ topic, partition: 0, key: null, value: 'x', headers: {} }])
  const consumer = join(topic)
  const batch = await nextOf(consumer)
  await until('both partitions have a commit', async () => (await committedOn(topic)).length === 2)
  // Several rounds of commits, in which nothing of the batch may be.
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  assert.deepEqual(await committedOn(topic), [0n, 0n])
  consumer.done(batch)
  await until('the batch is committed', async () => (await committedOn(topic))[0] === 1n)
  assert.ok((await groupLag(admin, `group-${topic}`)).every(({ lag }) => lag === 0n))
})

test('a batch that is given back comes again, and before what follows it', async () => {
  const topic = await topicWith('back', 1, 150)
  const consumer = join(topic)
  const batch = await nextOf(consumer)
  consumer.giveBack(batch)
  const seen = await readOn(consumer, 150)
  assert.deepEqual(
    seen,
    Array.from({ length: 150 }, (_, i) => `0:${i}`),
  )
})

test('a partition goes to another member only when the batch in hand is dealt with, and its commit is made', async () => {
  const topic = await topicWith('handover', 4, 50)
  const first = join(topic)
  await until('the first has fetched all', () => first.state().lag === 200n)
  const inHand = await nextOf(first)
  assert.equal(inHand.records.length, 100)

  const second = join(topic)
  await until('the first is told to end its work', () => inHand.signal.aborted)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  assert.equal(second.state().assigned.length, 0)

  first.done(inHand)
  await until('they share', () => first.state().assigned.length === 2 && second.state().assigned.length === 2)
  const others = await Promise.all([readOn(first, 1), readOn(second, 1)])
  const known = new Set(inHand.records.map(({ partition, value }) => `${partition}:${value}`))
  assert.deepEqual(
    others.flat().filter((one) => known.has(one)),
    [],
  )
})

test('a worker that cannot end its batch gives it back, and its successor gets those records', async () => {
  const topic = await topicWith('give-back', 2, 10)
  const first = join(topic)
  await until('the first has fetched all', () => first.state().lag === 20n)
  const inHand = await nextOf(first)
  const second = join(topic)
  await until('the first is told to end its work', () => inHand.signal.aborted)
  first.giveBack(inHand)
  const [one, other] = await Promise.all([readOn(first, 10), readOn(second, 10)])
  assert.equal(new Set([...one, ...other]).size, 20)
})

test('stopping waits for the batch in hand, and commits it', async () => {
  const topic = await topicWith('stop', 1, 10)
  const consumer = join(topic)
  const batch = await nextOf(consumer)
  const stopped = consumer.stop()
  assert.ok(batch.signal.aborted)
  consumer.done(batch)
  await stopped
  assert.deepEqual(await committedOn(topic), [10n])
  assert.equal(await consumer.next(), null)
})

test('a topic that was deleted and made anew is read from its first record, whatever was committed on the old one', async () => {
  const topic = await topicWith('anew', 1, 100)
  const consumer = join(topic)
  await readOn(consumer, 100)
  await until('the old is committed', async () => (await committedOn(topic))[0] === 100n)
  await admin.deleteTopic(topic)
  await until('the old is gone', async () => !(await admin.topics()).some(({ name }) => name === topic))
  await topicWith(topic, 1, 150)
  assert.deepEqual((await readOn(consumer, 150)).slice(0, 3), ['0:0', '0:1', '0:2'])
})

test('records that wait for a slow handler stay on the brokers, not in memory', async () => {
  const topic = await topicWith('slow', 3, 0)
  const value = randomBytes(100_000)
  for (let i = 0; i < 30; i += 1) {
    await producer.send(
      Array.from({ length: 30 }, () => ({ topic, key: String(Math.random()), value, headers: {} })),
    )
  }
  const before = bytesHeld()
  const consumer = join(topic)
  const batch = await nextOf(consumer)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const held = bytesHeld() - before
  assert.ok(held < 30_000_000, `${held} bytes held of 90000000`)
  consumer.done(batch)
})

test('the markers of other producers’ transactions are no lag', async () => {
  const topic = await topicWith('markers', 1, 0)
  const foreign = new Producer({
    clientId: 'foreign',
    bootstrapBrokers: brokers,
    idempotent: true,
    transactionalId: `${KAFKA_PREFIX}foreign`,
    retries: 10,
  })
  const transaction = await foreign.beginTransaction()
  await transaction.send({
    messages: [{ topic: `${KAFKA_PREFIX}${topic}`, partition: 0, value: Buffer.from('x') }],
  })
  await transaction.commit()
  await foreign.close()

  const consumer = join(topic)
  assert.deepEqual(await readOn(consumer, 1), ['0:x'])
  // The record and the marker behind it.
  await until('both are committed', async () => (await committedOn(topic))[0] === 2n)
  assert.equal(consumer.state().lag, 0n)
})

/** As when its coordinator forgot it: the group has no member any more, and is removed, unless one joins meanwhile. */
async function removeGroup(group: string): Promise<boolean> {
  const [member] = (await admin.describeGroup(group)).members
  assert.ok(member)
  const connections = connectTo({ brokers, clientId: 'test' })
  const theirs = `${KAFKA_PREFIX}${group}`
  const leaveEpoch = -1
  await new Coordinator(connections, new Bootstrap(connections, brokers), theirs).ask((connection) =>
    consumerGroupHeartbeatV1.api.async(
      connection,
      theirs,
      member.memberId,
      leaveEpoch,
      null,
      null,
      30_000,
      [],
      null,
      null,
      [],
    ),
  )
  await connections.close()
  const client = new Admin({ clientId: 'test', bootstrapBrokers: brokers })
  try {
    await client.deleteGroups({ groups: [theirs] })
    return true
  } finally {
    await client.close()
  }
}

test('a member whose group is gone joins it anew, and commits again', async () => {
  const topic = await topicWith('vanished', 1, 1)
  const consumer = join(topic)
  const reading = (async () => {
    for (let batch = await consumer.next(); batch; batch = await consumer.next()) consumer.done(batch)
  })()
  await until('it is committed', async () => (await committedOn(topic))[0] === 1n)
  await until('its group is removed', () => removeGroup(`group-${topic}`))

  await send(topic, 1, 1)
  await until('both are committed', async () => (await committedOn(topic))[0] === 2n)
  await consumer.stop()
  await reading
})
