import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cacheKeys } from './cache-keys.ts'

test('keys are those of the contract', () => {
  const entity = { entityType: 'product', entityId: 'prod-123' }
  assert.equal(cacheKeys.lists(entity), 'reviews:product:prod-123:all')
  assert.equal(cacheKeys.stats(entity), 'reviews:product:prod-123:stats')
  assert.equal(cacheKeys.review('019a0c5e'), 'review:019a0c5e')
})

test('an id with separators, wildcards or any script stays one part', () => {
  const entity = { entityType: 'a:b', entityId: 'gid://shopify/Product/*?é' }
  assert.equal(cacheKeys.stats(entity), 'reviews:a%3Ab:gid%3A%2F%2Fshopify%2FProduct%2F*%3F%C3%A9:stats')
})
