import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Registry } from 'prom-client'
import { Exporter } from '../../src/ops/exporter/exporter.ts'
import type { Admin } from '../../src/platform/kafka/admin.ts'
import { applyTopics } from '../../src/platform/kafka/apply-topics.ts'
import type { Kafka } from '../../src/platform/kafka/kafka.ts'
import type { RecordReader } from '../../src/platform/kafka/record-reader.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { type PrivateKafka, privateKafka } from '../support/private-kafka.ts'
import { type ServiceProcess, startService } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const topic = 'events'
const group = 'readers'
let cluster: PrivateKafka
let kafka: Kafka
let admin: Admin
let reader: RecordReader
let registry: Registry
let exporter: Exporter
let relay: ServiceProcess

before(async () => {
  cluster = await privateKafka()
  kafka = cluster.connect('test')
  admin = kafka.admin()
  reader = kafka.recordReader()
  registry = new Registry()
  exporter = new Exporter({ admin, reader, registry, clusterName: 'test' })
  const settings = { 'min.insync.replicas': '2' }
  await admin.createTopic({ name: topic, partitions: 3, replicationFactor: 3, settings })
  const producer = kafka.producer()
  await producer.send(
    [0, 1, 2].map((partition) => ({ topic, partition, key: null, value: 'x', headers: [] })),
  )
  await producer.close()
  // The topic of the offsets is made for the first group.
  await until('offsets are taken', () => admin.setOffsets(group, topic, new Map([[0, 1n]])).then(() => true))
  await applyTopics(admin, 3)
  relay = await startService('relay', {
    ...(await createTestEnvironment()),
    KAFKA_BROKERS: cluster.addresses.join(),
    KAFKA_PREFIX: '',
  })
})
after(async () => {
  await relay?.stop()
  await Promise.all([admin?.close(), reader?.close()])
  await cluster?.stop()
})

/** The series of a metric, by their labels. */
async function series(metric: string): Promise<Map<string, number>> {
  await exporter.refresh()
  const lines = (await registry.metrics()).matchAll(/^(\w+)(\{.*\})? (\S+)$/gm)
  return new Map(
    [...lines].flatMap(([, name, labels = '', value]) => (name === metric ? [[labels, Number(value)]] : [])),
  )
}

const takesRecords = () =>
  admin.assertTakesRecords([topic], 2).then(
    () => true,
    (error: { code?: string }) => error.code ?? false,
  )

test('the exporter tells of Kafka’s own topics too, as kafka_exporter does unless it is told otherwise', async () => {
  const own = '{topic="__consumer_offsets"}'
  await until('the topic of the offsets is there', async () =>
    (await series('kafka_topic_partitions')).has(own),
  )
  assert.ok(
    (await series('kafka_topic_partition_current_offset')).has('{topic="__consumer_offsets",partition="0"}'),
  )
})

test('a group without a commit on a partition of a topic that it reads has lag -1 there, and the sums leave it out', async () => {
  const of = (partition: number) => `{consumergroup="${group}",topic="${topic}",partition="${partition}"}`
  const sum = `{consumergroup="${group}",topic="${topic}"}`
  const lag = await series('kafka_consumergroup_lag')
  assert.deepEqual(
    [0, 1, 2].map((partition) => lag.get(of(partition))),
    [0, -1, -1],
  )
  assert.equal((await series('kafka_consumergroup_lag_sum')).get(sum), 0)
  // kafka_exporter adds the -1 up here.
  assert.equal((await series('kafka_consumergroup_current_offset_sum')).get(sum), -1)
  assert.equal((await series('kafka_consumergroup_members')).get(`{consumergroup="${group}"}`), 0)
})

/** What the relay says of itself; nothing waits to be published all this time. */
async function relayHealth() {
  const answer = await fetch(`${relay.url}/health/ready`)
  const { status, dependencies }: { status: string; dependencies: Record<string, { error?: string }> } =
    JSON.parse(await answer.text())
  return [answer.status, status, dependencies.kafka?.error ?? null] as const
}

test('while most brokers are away the exporter counts those that are there, and nothing counts as ready to publish', async () => {
  assert.equal((await series('kafka_brokers')).get(''), 3)
  assert.equal(await takesRecords(), true)
  assert.deepEqual(await relayHealth(), [200, 'ok', null])

  await cluster.takeAway(1)
  await until('one is missed', async () => (await series('kafka_brokers')).get('') === 2)
  await until('the two others take records', async () => (await takesRecords()) === true)
  await until('the relay is ready with them', async () => (await relayHealth())[1] === 'ok')

  await cluster.takeAway(2)
  await until('two are missed', async () => (await series('kafka_brokers')).get('') === 1)
  assert.equal(await takesRecords(), 'below_min_isr')
  assert.deepEqual(await relayHealth(), [503, 'unavailable', 'below_min_isr'])
  assert.equal((await series('kafka_topic_partitions')).get(`{topic="${topic}"}`), 3)

  await Promise.all([cluster.bringBack(1), cluster.bringBack(2)])
  await until('all are back', async () => (await series('kafka_brokers')).get('') === 3)
  await until('records are taken', async () => (await takesRecords()) === true, { timeoutMs: 60_000 })
  await until('the relay is ready again', async () => (await relayHealth())[1] === 'ok')
})

test('a broker that hangs counts as missing, and does not hold the exporter up', async () => {
  cluster.freeze(3)
  try {
    await until('it is missed', async () => (await series('kafka_brokers')).get('') === 2)
    const began = performance.now()
    await until('a later scrape comes', async () => (await series('kafka_brokers')).get('') === 2)
    assert.ok(performance.now() - began < 8_000)
  } finally {
    cluster.thaw(3)
  }
})
