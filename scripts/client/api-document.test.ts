// What the OpenAPI document has to be, whatever it says of each call. What it says is held against the API's
// answers in test/integration/openapi-*.test.ts.
import assert from 'node:assert/strict'
import { subscribe } from 'node:diagnostics_channel'
import { test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { FastifyInstance } from 'fastify'
import { Documented, type Parameter } from '../../test/support/documented.ts'
import { apiDocument } from './api-document.ts'

const routes: string[] = []
subscribe('fastify.initialization', (message) => {
  const { fastify } = message as { fastify: FastifyInstance }
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push(`${one} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
  })
})

for (const open of [true, false]) {
  const mode = open ? 'without authentication' : 'with authentication'
  routes.length = 0
  const documented = new Documented(await apiDocument({ open }))
  const ofThisApp = [...routes]

  test(`${mode}: the document is valid OpenAPI 3.1`, async () => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(structuredClone(documented.document))
    assert.ok(valid, JSON.stringify(errors, null, 2))
    assert.equal(validator.version, '3.1')
  })

  test(`${mode}: no list of numbers has fractions, over which generators of clients stumble`, () => {
    const numbers = enumerations(documented.document).filter(([first]) => typeof first === 'number')
    assert.ok(numbers.length > 0)
    assert.deepEqual(
      numbers.filter((values) => !values.every(Number.isInteger)),
      [],
    )
  })

  test(`${mode}: each route is in the document, and each operation is a route`, () => {
    const operations = documented.operations().map(({ method, path }) => `${method} ${path}`)
    // Scripts of the page, and HEAD where there is GET.
    const told = ofThisApp.filter((route) => !/^HEAD |\/docs\/\w+\.js$/.test(route))
    assert.deepEqual(operations.toSorted(), told.toSorted())
    const ids = documented.operations().map(({ operation }) => operation.operationId)
    assert.equal(new Set(ids).size, ids.length)
  })

  test(`${mode}: each example is valid by the schema that it stands beside, and each problem has one`, () => {
    let examples = 0
    for (const { pointer, operation } of documented.operations()) {
      const check = (place: string, value: unknown) => {
        examples += 1
        assert.equal(documented.mistakes(`${place}/schema`, value), null, `${place} ${JSON.stringify(value)}`)
      }
      for (const [index, given] of operation.parameters.entries()) {
        const { value, pointer: place } = documented.resolve<Parameter>(
          given,
          `${pointer}/parameters/${index}`,
        )
        for (const example of Object.values(value.examples ?? {})) check(place, example.value)
        if (value.example !== undefined) check(place, value.example)
      }
      const bodies = Object.entries(operation.requestBody?.content ?? {})
      for (const [mediaType, { examples: given = {} }] of bodies) {
        const place = `${pointer}/requestBody/content/${mediaType.replaceAll('/', '~1')}`
        for (const { value } of Object.values(given)) check(place, value)
      }
      for (const [status, response] of Object.entries(operation.responses)) {
        const { value, pointer: place } = documented.resolve(response, `${pointer}/responses/${status}`)
        for (const [mediaType, { schema, examples: given = {} }] of Object.entries(value.content ?? {})) {
          for (const example of Object.values(given)) {
            const { value: shown } = documented.resolve(example, '')
            check(`${place}/content/${mediaType.replaceAll('/', '~1')}`, shown.value)
          }
          if (mediaType !== 'application/problem+json') continue
          const shown = Object.values(given).map((one) => documented.resolve(one, '').value.value)
          const codes = new Set(shown.map((problem) => (problem as { code: string }).code))
          assert.deepEqual(
            [...codesOf(schema)].filter((code) => !codes.has(code)),
            [],
            place,
          )
        }
      }
    }
    assert.ok(examples > 100, String(examples))
  })

  test(`${mode}: everything is explained`, () => {
    const { tags, components } = documented.document as unknown as {
      tags: { name: string; description: string }[]
      components: {
        schemas: Record<string, { properties?: Record<string, Parameter> }>
        headers: Record<string, Parameter>
      }
    }
    const known = new Set(tags.map(({ name }) => name))
    const used = new Set<string>()
    for (const { operation, pointer } of documented.operations()) {
      assert.ok(operation.summary && operation.description, pointer)
      for (const tag of operation.tags) used.add(tag)
      for (const given of operation.parameters) {
        const { value } = documented.resolve<Parameter>(given, '')
        assert.ok(value.description, `${pointer} ${value.name}`)
      }
      for (const [status, response] of Object.entries(operation.responses)) {
        assert.ok(documented.resolve(response, '').value.description, `${pointer} ${status}`)
        for (const { operationId, parameters } of Object.values(response.links ?? {})) {
          const { operation } = documented.operation(operationId)
          const names = operation.parameters.map((given) => 'name' in given && given.name)
          for (const name of Object.keys(parameters)) assert.ok(names.includes(name), `${pointer} ${name}`)
        }
      }
    }
    assert.ok(used.isSubsetOf(known), [...used].join())
    for (const [name, { description }] of Object.entries(components.headers)) assert.ok(description, name)
  })

  test(`${mode}: only with authentication it asks for credentials`, () => {
    const { components } = documented.document as unknown as { components: { securitySchemes?: object } }
    assert.equal(components.securitySchemes === undefined, open)
    const asking = documented.operations().filter(({ operation }) => operation.security.length > 0)
    assert.equal(asking.length === 0, open)
    for (const { operation } of asking) assert.ok(operation.responses[401], operation.operationId)
  })
}

/** The codes that a problem of this schema may have. */
function codesOf(schema: unknown): string[] {
  const { allOf } = schema as { allOf: { properties?: { code?: { enum: string[] } } }[] }
  return allOf.at(-1)?.properties?.code?.enum ?? []
}

/** The values of each `enum` in a document. */
function enumerations(value: unknown): unknown[][] {
  if (typeof value !== 'object' || value === null) return []
  const own = 'enum' in value && Array.isArray(value.enum) ? [value.enum] : []
  return [...own, ...Object.values(value).flatMap(enumerations)]
}
