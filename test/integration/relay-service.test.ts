import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import { readLogStanding } from '../../src/platform/log/standing.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { openLine } from '../support/line.ts'
import { append, newEvent } from '../support/log.ts'
import { prepareParts } from '../support/prepare.ts'
import { type ServiceProcess, startService } from '../support/service-process.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'

const environment = await createTestEnvironment()
const { DATABASE_URL, KAFKA_BROKERS, KAFKA_PREFIX: prefix } = environment
const pool = createPool({ url: DATABASE_URL, size: 2, applicationName: 'test' })
const line = await openLine(DATABASE_URL)
let relay: ServiceProcess | undefined

before(async () => {
  const kafka = createKafka({ brokers: KAFKA_BROKERS.split(','), prefix, clientId: 'test', log: silent })
  await prepareParts(pool, kafka)
  relay = await startService('relay', { ...environment, DATABASE_URL: line.url }, { LOG_LEVEL: 'error' })
})
after(async () => {
  await relay?.stop()
  await line.close()
  await pool.end()
})

const published = async () => {
  const { head, published } = await readLogStanding(pool)
  return published === head
}
const publishing = async () => {
  const answer = await fetch(`${relay?.url}/health/ready`)
  const health = (await answer.json()) as { dependencies: { publishing: { status: string } } }
  return health.dependencies.publishing.status
}

test('a Postgres that vanished in the middle of a round holds up a relay for seconds, and its health says so', async () => {
  await append(pool, [newEvent(reviewCreated)])
  await until('it is published', published)
  assert.equal(await publishing(), 'up')

  // In the middle of a round: a read waits for this lock.
  const lock = await pool.connect()
  await lock.query('begin')
  await lock.query('lock table events in access exclusive mode')
  await until('it reads', async () => {
    const { rowCount } = await pool.query(
      "select from pg_stat_activity where datname = current_database() and application_name = 'thereview relay' and wait_event_type = 'Lock'",
    )
    return rowCount === 1
  })
  line.deaden()
  await lock.query('rollback')
  lock.release()
  await append(pool, [newEvent(reviewCreated)])
  await until('its health says so', async () => (await publishing()) === 'down')
  await until('it is published by new connections', published, { timeoutMs: 40_000 })
  await until('its health says so', async () => (await publishing()) === 'up')
})
