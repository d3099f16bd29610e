import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TSchema, Type } from 'typebox'
import { catalogue } from '../../src/contracts/catalogue.ts'
import type { EventDefinition } from '../../src/contracts/event.ts'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { AppError } from '../../src/platform/errors.ts'
import { registerSchemas } from '../../src/platform/schema-registry/schema-registry.ts'
import { createTestEnvironment } from '../support/environment.ts'

const { SCHEMA_REGISTRY_URL: url, KAFKA_PREFIX: prefix } = await createTestEnvironment()
const registry = { url, prefix }

const base = reviewCreated.schema as TSchema & { properties: Record<string, TSchema>; required: string[] }

/** The definition with another `data` schema and other fields of the envelope. */
function variant(data: object, envelope: object = {}): EventDefinition {
  const properties = { ...base.properties, data: { ...base.properties.data, ...data } }
  return { ...reviewCreated, schema: { ...base, properties, ...envelope } }
}

const data = base.properties.data as TSchema & { properties: Record<string, TSchema>; required: string[] }
const { content: _, ...withoutContent } = data.properties

test('every event of the catalogue is registered under its type, and again without a change', async () => {
  const first = await registerSchemas(registry, catalogue)
  assert.deepEqual(
    first.map(({ subject }) => subject),
    catalogue.map(({ type }) => prefix + type),
  )
  assert.deepEqual(await registerSchemas(registry, catalogue), first)
  const answer = await fetch(`${url}/subjects/${prefix}review.created.v1/versions/latest`)
  const { schema, version } = (await answer.json()) as { schema: string; version: number }
  assert.equal(version, 1)
  assert.deepEqual(JSON.parse(schema), JSON.parse(JSON.stringify(reviewCreated.schema)))
})

const refused: [what: string, changed: EventDefinition][] = [
  [
    'a removed field',
    variant({ properties: withoutContent, required: data.required.filter((name) => name !== 'content') }),
  ],
  ['a retyped field', variant({ properties: { ...data.properties, rating: Type.String() } })],
  [
    'a newly required field',
    variant({
      properties: { ...data.properties, language: Type.String() },
      required: [...data.required, 'language'],
    }),
  ],
]

for (const [what, changed] of refused) {
  test(`refused with the registry's reason: ${what}`, async () => {
    await registerSchemas(registry, [reviewCreated])
    await assert.rejects(registerSchemas(registry, [changed]), (error) => {
      assert.ok(error instanceof AppError)
      assert.equal(error.code, 'schema_incompatible')
      assert.match(error.message, /refuses the schema of .*review\.created\.v1: .+/)
      return true
    })
  })
}

test('a new optional field registers', async () => {
  await registerSchemas(registry, [reviewCreated])
  await registerSchemas(registry, [variant({ properties: { ...data.properties, language: Type.String() } })])
  const answer = await fetch(`${url}/subjects/${prefix}review.created.v1/versions`)
  assert.deepEqual(await answer.json(), [1, 2])
})

test('a registry that cannot be reached is no fault of the schemas', async () => {
  await assert.rejects(
    registerSchemas({ url: 'http://127.0.0.1:1', prefix }, catalogue),
    (error) => error instanceof AppError && error.code === 'unavailable' && error.verdict === 'retryable',
  )
})
