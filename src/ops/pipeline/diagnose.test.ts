import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagnose } from './diagnose.ts'
import type { GroupLatency, Trends } from './diagnosis/trends.ts'
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
  oldestAt: null,
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
  oldestStillMs: new Map(),
  groupRate: new Map(),
  noticeFailures: [],
  apiErrorsPerSecond: 0,
  answer: null,
  latencies: [],
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

test('a group is late by the age of what waits, not by how much does', () => {
  const groups = (lagSeconds: number) => ({
    kafka: { ...kafka, groups: [group({ lag: 5_000, lagSeconds })] },
  })
  assert.deepEqual(told(groups(11)), ['late late:analytics-service'])
  assert.deepEqual(told(groups(0.4)), [])
})

test('one record that holds its partition up is told of with its place', () => {
  const groups = [group({ lag: 40, lagSeconds: 30, oldestAt: 'reviews.events-1, offset 7' })]
  const oldestStillMs = new Map([['analytics-service', 20_000]])
  const [problem] = diagnose({ ...well, kafka: { ...kafka, groups } }, { ...calm, oldestStillMs })
  assert.equal(problem?.title, 'analytics-service is held up by one record')
  assert.match(problem?.why ?? '', /It is at reviews\.events-1, offset 7, and does not move on/)
})

const took = (p95: number, more: Partial<GroupLatency> = {}): Partial<Trends> => ({
  latencies: [
    {
      group: 'analytics-service',
      effect: { p50: 0.01, p95, count: 400, windowSeconds: 60 },
      publish: 0.01,
      receive: 0.01,
      handle: 0.01,
      ...more,
    },
  ],
})
const lateness = (trends: Partial<Trends>, facts: Partial<Facts> = {}) =>
  diagnose({ ...well, ...facts }, { ...calm, ...trends })

test('reviews that become visible after tens of seconds are late, though nothing waits any more', () => {
  const [problem, ...others] = lateness(took(42, { receive: 40 }))
  assert.equal(problem?.severity, 'late')
  assert.equal(problem?.where, 'group:analytics-service')
  assert.equal(problem?.title, 'Reviews become visible late: analytics-service is behind')
  assert.match(
    problem?.why ?? '',
    /^Of 400 events one in twenty of the last minute took 42 s or more .* beyond 5 s/,
  )
  assert.match(problem?.why ?? '', /waited 40 s of it on their topic until analytics-worker took them/)
  assert.deepEqual(others, [])
  assert.deepEqual(lateness(took(4.9, { receive: 4.8 })), [])
})

test('the time is told of the part that took most of it', () => {
  const placeOf = (more: Partial<GroupLatency>) => lateness(took(30, more)).map(({ where }) => where)
  assert.deepEqual(placeOf({ publish: 28 }), ['relay'])
  assert.deepEqual(placeOf({ handle: 28 }), ['effect:analytics-service'])
  assert.deepEqual(placeOf({}), ['effect:analytics-service'])
  assert.match(lateness(took(30))[0]?.title ?? '', /some were tried again$/)
})

test('a cause that is told says more than the time that it took', () => {
  const groups = [group({ members: 0, lag: 3 })]
  assert.deepEqual(
    lateness(took(42, { receive: 40 }), { kafka: { ...kafka, groups } }).map(({ id }) => id),
    ['no-members:analytics-service'],
  )
})

test('mails may take longer than statistics', () => {
  const mails = (p95: number) => lateness(took(p95, { group: 'notification-service' })).map(({ id }) => id)
  assert.deepEqual(mails(20), [])
  assert.deepEqual(mails(31), ['latency:notification-service'])
})

test('an API that answers slowly is late', () =>
  assert.deepEqual(told({}, { answer: { p50: 0.1, p95: 1.4, count: 50, windowSeconds: 60 } }), [
    'late api-slow',
  ]))

test('mails that wait for another try are late, with the reason', () => {
  const retries = [{ group: 'notification-service', count: 12, oldestSeconds: 90, nextInSeconds: 20 }]
  const services = service('notification-worker', { state: 'degraded', away: ['smtp'] })
  const [problem] = diagnose({ ...well, retries, services }, calm)
  assert.equal(problem?.title, 'Mails are late')
  assert.match(problem?.why ?? '', /The mail server does not answer\. 12 wait for another try/)
})

const letters = {
  consumer_group: 'analytics-service',
  error_code: 'handler_error',
  count: 2,
  keys: 1,
  key: 'r-1',
  message: 'x is not a function',
}

test('dead letters say when all are of one key', () => {
  const whyOf = (more: Partial<typeof letters>) =>
    diagnose({ ...well, letters: { open: 2, byCause: [{ ...letters, ...more }] } }, calm)[0]?.why
  assert.equal(whyOf({}), 'analytics-service: 2 × handler_error, all of the key r-1 (x is not a function).')
  assert.equal(whyOf({ keys: 2 }), 'analytics-service: 2 × handler_error (x is not a function).')
})

test('the worst comes first', () =>
  assert.deepEqual(
    told({ letters: { open: 2, byCause: [letters] }, kafka: null }).map((one) => one.split(' ')[0]),
    ['broken', 'warning'],
  ))

test('of what cannot be asked nothing is claimed', () =>
  assert.deepEqual(told({ log: null, kafka: null, letters: null, retries: null }), [
    'broken postgres-away',
    'broken kafka-away',
  ]))
