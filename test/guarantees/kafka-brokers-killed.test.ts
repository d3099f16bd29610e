import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Admin } from '../../src/platform/kafka/admin.ts'
import type { Consumer } from '../../src/platform/kafka/consumer.ts'
import type { Kafka } from '../../src/platform/kafka/kafka.ts'
import type { IncomingRecord } from '../../src/platform/kafka/records.ts'
import { NumberedSender, type Tally, tally } from '../support/numbered-records.ts'
import { type PrivateKafka, privateKafka } from '../support/private-kafka.ts'
import { until } from '../support/until.ts'

const partitions = 6
const group = 'readers'
let cluster: PrivateKafka
let kafka: Kafka
let admin: Admin

before(async () => {
  cluster = await privateKafka()
  kafka = cluster.connect('test')
  admin = kafka.admin()
})
after(async () => {
  await admin?.close()
  await cluster?.stop()
})

/**
 * Sends to and reads from every partition of a new topic, does the harm, and waits until both go on. What is killed is
 * started again by the cluster; what is not has to be healed.
 */
async function survives(topic: string, harm: () => Promise<void>, heal?: () => void): Promise<Survival> {
  const settings = { 'min.insync.replicas': '2' }
  await admin.createTopic({ name: topic, partitions, replicationFactor: 3, settings })
  const producer = kafka.producer()
  const sender = new NumberedSender(producer, topic, partitions)
  const reader = new Reading(kafka.consumer({ group, topics: [topic] }))
  sender.start()
  reader.start()
  const goesOn = async () => {
    const at = sender.acknowledged + 20
    await until('records are sent', () => sender.acknowledged > at, { timeoutMs: 60_000 })
    await until('records are read', () => reader.everyPartitionBeyond(at), { timeoutMs: 60_000 })
  }
  try {
    await goesOn()
    const harmed = performance.now()
    await harm()
    await goesOn()
    const recoveryMs = performance.now() - harmed
    heal?.()
    await until(
      'the cluster is whole',
      async () =>
        (await admin.topics()).every((one) => one.partitions.every(({ inSync }) => inSync.length === 3)),
      { timeoutMs: 60_000 },
    )
    await sender.stop()
    await until('everything is read', () => reader.everyPartitionBeyond(sender.acknowledged - 1))
    return { sent: await onTopic(topic), read: reader.tally(), recoveryMs, longestMs: sender.longestMs }
  } finally {
    await sender.stop()
    await reader.stop()
    await producer.close()
  }
}

interface Survival {
  readonly sent: Tally
  readonly read: Tally
  readonly recoveryMs: number
  readonly longestMs: number
}

async function onTopic(topic: string): Promise<Tally> {
  const ends = [...(await admin.offsets(topic, 'latest')).values()]
  const count = ends.reduce<number>((sum, end) => sum + Number(end), 0)
  const topicReader = kafka.reader({ topics: [topic], from: 'earliest' })
  await topicReader.start()
  const records: IncomingRecord[] = []
  while (records.length < count) records.push(...((await topicReader.next()) ?? []))
  await topicReader.stop()
  return tally(records)
}

class Reading {
  readonly #consumer: Consumer
  readonly #records: { partition: number; value: Buffer | null }[] = []
  readonly #latest = new Map<number, number>()
  #running: Promise<void> | null = null

  constructor(consumer: Consumer) {
    this.#consumer = consumer
  }

  start(): void {
    this.#consumer.start()
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    await this.#consumer.stop()
    await this.#running
  }

  everyPartitionBeyond(number: number): boolean {
    return this.#latest.size === partitions && [...this.#latest.values()].every((latest) => latest >= number)
  }

  tally(): Tally {
    return tally(this.#records)
  }

  async #run(): Promise<void> {
    for (let batch = await this.#consumer.next(); batch; batch = await this.#consumer.next()) {
      for (const { partition, value } of batch.records) {
        this.#records.push({ partition, value })
        this.#latest.set(partition, Math.max(this.#latest.get(partition) ?? 0, Number(value)))
      }
      this.#consumer.done(batch)
    }
  }
}

async function leaderOf(topic: string): Promise<number> {
  const found = (await admin.topics()).find(({ name }) => name === topic)
  const leader = found?.partitions[0]?.leader
  assert.ok(leader)
  return leader
}

/** Whoever reads may get a record again; what was sent lies there once. */
function assertNothingLost({ sent, read }: Survival): void {
  assert.deepEqual(sent.missing, [])
  assert.deepEqual(read.missing, [])
}

function assertSentOnce(survival: Survival): void {
  assertNothingLost(survival)
  assert.equal(survival.sent.repeats, 0)
}

test('the leader is killed with batches over several of its partitions: nothing is lost, repeated or reordered, and it goes on within 10 s', async () => {
  const survival = await survives('leader-killed', async () => cluster.kill(await leaderOf('leader-killed')))
  assertSentOnce(survival)
  assert.ok(survival.recoveryMs < 10_000, `${survival.recoveryMs} ms`)
})

test('the coordinator of the group is killed: reading goes on within 10 s, and nothing is lost', async () => {
  const survival = await survives('coordinator-killed', async () => {
    cluster.kill(await admin.coordinatorOf(group))
  })
  assertSentOnce(survival)
  assert.ok(survival.recoveryMs < 10_000, `${survival.recoveryMs} ms`)
})

test('the controller is killed: nothing is lost', async () => {
  const survival = await survives('controller-killed', async () =>
    cluster.kill((await admin.cluster()).controllerId),
  )
  assertSentOnce(survival)
})

test('a leader is frozen: its successor is used within 10 s, and its thaw does no harm', async () => {
  let frozen = 0
  const freeze = async () => {
    frozen = await leaderOf('leader-frozen')
    cluster.freeze(frozen)
    await until('it has a successor', async () => (await leaderOf('leader-frozen')) !== frozen)
  }
  const survival = await survives('leader-frozen', freeze, () => cluster.thaw(frozen))
  assertSentOnce(survival)
  assert.ok(survival.longestMs < 10_000, `${survival.longestMs} ms`)
})

test('two of three brokers are killed and come back: nothing is lost or reordered', async () => {
  const survival = await survives('two-killed', async () => {
    const leader = await leaderOf('two-killed')
    cluster.kill(leader)
    cluster.kill((leader % 3) + 1)
  })
  assertNothingLost(survival)
})

test('all brokers are killed and come back: nothing is lost or reordered', async () => {
  const survival = await survives('all-killed', async () => {
    for (const id of [1, 2, 3]) cluster.kill(id)
  })
  assertNothingLost(survival)
})
