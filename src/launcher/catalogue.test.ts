import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allParts } from './catalogue.ts'
import { Downloads } from './downloads.ts'
import { homeAt } from './home.ts'
import { Javas } from './java.ts'
import { foundations, infrastructure, partNames } from './part.ts'
import { portsFrom } from './ports.ts'

const parts = allParts({
  home: homeAt('/home'),
  ports: portsFrom({}),
  secrets: { postgresPassword: 'p-secret', redisPassword: 'r-secret', kafkaClusterId: 'c' },
  downloads: await Downloads.in('/parts', {}),
  javas: new Javas({}),
  addresses: {},
  environment: {},
})

test('there is a part for each name of the contract, in its order', () => {
  assert.deepEqual(
    parts.map(({ name }) => name),
    partNames,
  )
  assert.deepEqual(infrastructure, partNames.slice(0, infrastructure.length))
  assert(foundations.every((name) => infrastructure.some((other) => other === name)))
})

test('no two parts want the same port', () => {
  const numbers = parts.flatMap(({ ports }) => ports.map(({ number }) => number))
  assert.equal(new Set(numbers).size, numbers.length)
})

test('no address that is shown to people holds a password', () => {
  for (const { url } of parts) assert.doesNotMatch(url ?? '', /secret/)
})

test('services have time to finish, and all is gone within 20 s', () => {
  const slowest = (isService: boolean) =>
    Math.max(
      ...parts
        .filter(({ name }) => isService !== infrastructure.some((other) => other === name))
        .map(({ stop }) => stop.deadlineMs),
    )
  assert(slowest(true) + slowest(false) < 20_000)
})
