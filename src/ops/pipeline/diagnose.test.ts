import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagnose } from './diagnose.ts'
import type { Trends } from './diagnosis/trends.ts'
import type { Facts, GroupFacts, KafkaFacts } from './facts.ts'
import type { ServiceSight } from './service-health.ts'

const up = (name: string, more: Partial<ServiceSight> = {}): ServiceSight => ({
  name,
  state: 'up',
  away: [],
  waiting: false,
  hangs: false,
  scrape: null,
  ...more,
})
const group = (more: Partial<GroupFacts> = {}): GroupFacts => ({
  group: 'analytics-service',
  state: 'Stable',
  members: 1,
  topics: ['reviews.events'],
  lag: 0,
  lagSeconds: 0,
  committed: 100,
  ...more,
})
const kafka: KafkaFacts = {
  brokers: [1, 2, 3].map((id) => ({ id, address: `b:${id}` })),
  replicaHolders: [1, 2, 3],
  leads: new Map(),
  ends: new Map(),
  offline: [],
  underReplicated: [],
  belowMinIsr: [],
  missingTopics: [],
  groups: [group()],
}
const log = { head: 100, published: 100, oldestAgeSeconds: 0, holder: 'relay:1', setAside: 0 }
const well: Facts = {
  at: 0,
  services: ['api', 'relay', 'notification-worker', 'analytics-worker', 'cache-worker'].map((name) =>
    up(name),
  ),
  log,
  kafka,
  letters: { open: 0, byCause: [] },
  retries: [],
}
const calm: Trends = {
  relayStillMs: 0,
  groupStillMs: new Map(),
  groupRate: new Map(),
  noticeFailures: [],
  apiErrorsPerSecond: 0,
}
const told = (facts: Partial<Facts>, trends: Partial<Trends> = {}) =>
  diagnose({ ...well, ...facts }, { ...calm, ...trends }).map(({ id, severity }) => `${severity} ${id}`)
const service = (name: string, more: Partial<ServiceSight>) =>
  well.services.map((one) => (one.name === name ? up(name, more) : one))

test('what is well has no problems', () => assert.deepEqual(told({}), []))

test('no relay and events that wait: broken; none that wait: late', () => {
  assert.deepEqual(told({ log: { ...log, head: 120, oldestAgeSeconds: 9, holder: null } }), [
    'broken relay-absent',
  ])
  assert.deepEqual(told({ log: { ...log, holder: null } }), ['late relay-absent'])
})

test('a relay that holds its lease and publishes nothing is stuck, one that goes on is behind', () => {
  const owing = { ...log, head: 5_000, oldestAgeSeconds: 30 }
  assert.deepEqual(told({ log: owing }, { relayStillMs: 20_000 }), ['broken relay-stuck'])
  assert.deepEqual(told({ log: owing }), ['late relay-late'])
})

test('two brokers gone: Kafka is the cause, and the relay waits for it', () => {
  const away = { ...kafka, brokers: kafka.brokers.slice(0, 1), belowMinIsr: ['reviews.events-0'] }
  const facts = { kafka: away, log: { ...log, head: 110, oldestAgeSeconds: 12, holder: null } }
  assert.deepEqual(told(facts), ['broken below-min-isr', 'late relay-waits'])
})

test('one broker gone is a warning: everything goes on', () => {
  const facts = {
    kafka: { ...kafka, brokers: kafka.brokers.slice(1), underReplicated: ['reviews.events-0'] },
  }
  assert.deepEqual(told(facts), ['warning broker-missing'])
})

test('a group without members is broken as soon as something waits for it', () => {
  const facts = (lag: number) => ({ kafka: { ...kafka, groups: [group({ members: 0, lag })] } })
  assert.deepEqual(told(facts(3)), ['broken no-members:analytics-service'])
  assert.deepEqual(told(facts(0)), ['late no-members:analytics-service'])
})

test('a group that makes no progress says what its worker cannot reach', () => {
  const groups = [group({ lag: 40, lagSeconds: 30 })]
  const services = service('analytics-worker', { state: 'degraded', away: ['postgres'], waiting: true })
  const [problem] = diagnose({ ...well, kafka: { ...kafka, groups }, services }, calm)
  assert.equal(problem?.id, 'stuck:analytics-service')
  assert.match(problem?.why ?? '', /analytics-worker cannot reach postgres/)
  assert.equal(problem?.command, 'npm run -s thereview -- start postgres')
})

test('what is frozen is to be restarted: starting it would do nothing', () => {
  const services = service('analytics-worker', { state: 'down', hangs: true })
  const groups = [group({ members: 0, lag: 3 })]
  const [problem] = diagnose({ ...well, services, kafka: { ...kafka, groups } }, calm)
  assert.equal(problem?.command, 'npm run -s thereview -- restart analytics-worker')
})

test('a group that works through a long lag is late', () =>
  assert.deepEqual(told({ kafka: { ...kafka, groups: [group({ lag: 5_000, lagSeconds: 90 })] } }), [
    'late late:analytics-service',
  ]))

test('mails that wait for another try are late, with the reason', () => {
  const retries = [{ group: 'notification-service', count: 12, oldestSeconds: 90, nextInSeconds: 20 }]
  const services = service('notification-worker', { state: 'degraded', away: ['smtp'] })
  const [problem] = diagnose({ ...well, retries, services }, calm)
  assert.equal(problem?.title, 'Mails are late')
  assert.match(problem?.why ?? '', /The mail server does not answer\. 12 wait for another try/)
})

test('the worst comes first', () =>
  assert.deepEqual(
    told({ letters: { open: 2, byCause: [{ group: 'g', code: 'c', count: 2 }] }, kafka: null }).map(
      (one) => one.split(' ')[0],
    ),
    ['broken', 'warning'],
  ))

test('of what cannot be asked nothing is claimed', () =>
  assert.deepEqual(told({ log: null, kafka: null, letters: null, retries: null }), [
    'broken postgres-away',
    'broken kafka-away',
  ]))
