import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressesOf } from './addresses.ts'
import { portsFrom } from './ports.ts'

const secrets = { postgresPassword: 'p-secret', redisPassword: 'r-secret', kafkaClusterId: 'c' }
const ports = portsFrom({})

test('without any address given, every part is our own', () => {
  const { variables, external } = addressesOf(ports, secrets, {})
  assert.equal(external.size, 0)
  assert.partialDeepStrictEqual(variables, {
    DATABASE_URL: 'postgres://thereview:p-secret@127.0.0.1:5432/thereview',
    REDIS_URL: 'redis://:r-secret@127.0.0.1:6379/0',
    KAFKA_BROKERS: '127.0.0.1:9092,127.0.0.1:9093,127.0.0.1:9094',
    ZIPKIN_URL: 'http://127.0.0.1:9411',
    API_PORT: '8000',
  })
})

test('an address given makes its part external, and shows no credentials', () => {
  const given = {
    DATABASE_URL: 'postgres://me:hidden@db.example.test/reviews',
    KAFKA_BROKERS: 'k.example.test:9092',
  }
  const { variables, external } = addressesOf(ports, secrets, given)
  assert.equal(variables.DATABASE_URL, given.DATABASE_URL)
  assert.deepEqual([...external.keys()], ['kafka-1', 'kafka-2', 'kafka-3', 'postgres'])
  assert.equal(external.get('postgres'), 'postgres://db.example.test/reviews')
})

test('no credentials are shown, wherever an address has them', () => {
  const shown = (url: string) => addressesOf(ports, secrets, { DATABASE_URL: url }).external.get('postgres')
  assert.equal(shown('postgres://u:p@ss@db/x'), 'postgres://db/x')
  assert.equal(shown('postgres://db/x?user=u&password=hidden'), 'postgres://db/x')
  assert.equal(shown('host=db password=hidden'), '(an address)')
})

test('traces go to the collector given, and not to a Zipkin of ours', () => {
  const { variables, external } = addressesOf(ports, secrets, {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318',
  })
  assert.equal(variables.OTEL_EXPORTER_OTLP_ENDPOINT, 'http://otel:4318')
  assert.equal(variables.ZIPKIN_URL, undefined)
  assert(external.has('traces'))
})

test('mail given elsewhere has no inbox of ours', () => {
  const { variables } = addressesOf(ports, secrets, { SMTP_URL: 'smtp://mail.example.test' })
  assert.equal(variables.MAIL_INBOX_URL, undefined)
})

test('a shell that has evaluated our own addresses starts our own parts', () => {
  const { variables } = addressesOf(ports, secrets, {})
  assert.equal(addressesOf(ports, secrets, variables).external.size, 0)
})
