import assert from 'node:assert/strict'
import { groups } from '../../src/contracts/consumer-groups.ts'
import { deadLetterHeaders } from '../../src/contracts/headers.ts'
import { topics } from '../../src/contracts/topics.ts'
import { headerText, type IncomingRecord } from '../../src/platform/kafka/records.ts'
import { until } from '../support/until.ts'
import type { FaultCase } from './fault-case.ts'
import { produceForeign } from './foreign-producer.ts'
import { type Poison, poisons } from './poison.ts'

/** Each poison becomes one dead letter of each group, key, value and headers exact to the byte. */
export const poisonRecords: FaultCase = {
  name: 'poison records of eight kinds by a foreign client',
  async harm(system) {
    const before = (await system.readTopic(topics.deadLetters.name)).length
    const poisoned = poisons()
    for (const poison of poisoned) {
      await produceForeign(system.stack.addresses.KAFKA_BROKERS ?? '', topics.reviews.name, poison)
    }
    const expected = poisoned.length * Object.keys(groups).length
    const letters = await until(
      'every poison is a dead letter of every group',
      async () => {
        const all = (await system.readTopic(topics.deadLetters.name)).slice(before)
        return all.length >= expected && all
      },
      { timeoutMs: 60_000, everyMs: 200 },
    )
    for (const poison of poisoned) assertLetters(poison, letters)
    return { deadLetters: expected, foreign: isPoison }
  },
}

function isPoison({ key }: IncomingRecord): boolean {
  return key?.toString('utf8').startsWith('poison-') ?? false
}

function assertLetters(poison: Poison, letters: readonly IncomingRecord[]): void {
  const own = letters.filter(({ key }) => key?.toString('utf8') === poison.key)
  assert.deepEqual(
    own.map(({ headers }) => headerText(headers, deadLetterHeaders.consumerGroup)).toSorted(),
    Object.values(groups).toSorted(),
    poison.kind,
  )
  for (const { value, headers } of own) {
    assert.equal(headerText(headers, deadLetterHeaders.errorCode), poison.code, poison.kind)
    assert.equal(headerText(headers, 'x-foreign'), poison.kind)
    const same = poison.value === null ? value === null || value.length === 0 : value?.equals(poison.value)
    assert.ok(same, `${poison.kind}: the value is not the same to the byte`)
  }
}
