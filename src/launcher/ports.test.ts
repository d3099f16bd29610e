import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePorts, portsFrom, portVariables } from './ports.ts'

test('the defaults are the ones that the contract names', () => {
  const numbers = Object.fromEntries(Object.entries(portsFrom({})).map(([name, port]) => [name, port.number]))
  assert.partialDeepStrictEqual(numbers, {
    api: 8000,
    console: 8080,
    schemaRegistry: 8081,
    exporter: 9308,
    kafka1: 9092,
    kafka2: 9093,
    kafka3: 9094,
    traces: 9411,
    mail: 1080,
    smtp: 1025,
    postgres: 5432,
    redis: 6379,
  })
})

test('one variable moves all three brokers', () => {
  const { kafka1, kafka2, kafka3 } = portsFrom({ KAFKA_PORT: '19092' })
  assert.deepEqual([kafka1.number, kafka2.number, kafka3.number], [19_092, 19_093, 19_094])
  assert.equal(kafka3.base, 19_092)
})

test('each variable is named once, with the first of its ports', () => {
  const variables = new Set(Object.values(portsFrom({})).map(({ variable }) => variable))
  assert.deepEqual(
    portVariables.map(([variable]) => variable),
    [...variables],
  )
  assert.deepEqual(
    portVariables.filter(([variable]) => variable.startsWith('KAFKA')),
    [
      ['KAFKA_PORT', 9092],
      ['KAFKA_CONTROLLER_PORT', 19_092],
    ],
  )
})

test('what is no port is refused by name and value', () => {
  for (const given of ['http', '0', '70000', '80.5', '-1']) {
    assert.throws(() => portsFrom({ POSTGRES_PORT: given }), {
      message: `POSTGRES_PORT is "${given}". It must be a port between 1 and 65535.`,
    })
  }
  assert.throws(() => portsFrom({ KAFKA_PORT: '65535' }), { message: /between 1 and 65533/ })
})

test('free ports are all different', async () => {
  const numbers = Object.values(await freePorts()).map((port) => port.number)
  assert.equal(new Set(numbers).size, numbers.length)
})
