import assert from 'node:assert/strict'
import { test } from 'node:test'
import { opened, SchemaComponents } from './schemas.ts'

const review = { title: 'Review', type: 'object', properties: { title: { type: 'string' } } }

test('a schema with a title becomes a component, wherever it stands; a field called title does not', () => {
  const components = new SchemaComponents()
  const list = { title: 'List', type: 'array', items: review }
  assert.deepEqual(components.refer({ anyOf: [list, { type: 'null' }] }), {
    anyOf: [{ $ref: '#/components/schemas/List' }, { type: 'null' }],
  })
  assert.deepEqual(components.all(), {
    List: { title: 'List', type: 'array', items: { $ref: '#/components/schemas/Review' } },
    Review: review,
  })
})

test('what is a value and no schema is left alone', () => {
  const schema = { enum: [review], const: review, default: review, required: ['title'] }
  assert.deepEqual(new SchemaComponents().refer(schema), schema)
})

test('one title for two different schemas is a mistake', () => {
  const components = new SchemaComponents()
  components.refer(review)
  components.refer({ ...review })
  assert.throws(
    () => components.refer({ ...review, additionalProperties: false }),
    /two schemas are called Review/,
  )
})

test('an opened schema takes unknown fields at every depth, and keeps what else it says of them', () => {
  const closed = { type: 'object', additionalProperties: false }
  const map = { type: 'object', additionalProperties: { type: 'string' } }
  assert.deepEqual(opened({ ...closed, properties: { a: { type: 'array', items: closed }, map } }), {
    type: 'object',
    properties: { a: { type: 'array', items: { type: 'object' } }, map },
  })
})
