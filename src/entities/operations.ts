import type { Operation } from '../platform/http/openapi/operation.ts'

const path = { entity_type: 'product', entity_id: 'prod-123' }
const profile = { name: 'Desk lamp', url: 'https://shop.example/lamp', owner_id: 'shop-1' }
const at = '2026-11-23T10:30:00.000Z'

const putEntity: Operation = {
  id: 'putEntity',
  tag: 'Entities',
  summary: 'Register a thing, or change it',
  description: `Says what a thing is called, where its page is, and who answers for it. The whole is put: what is
absent is cleared, and what is the same already changes nothing. For administrators and servers.`,
  credentials: 'required',
  scope: 'entities:write',
  answers: {
    200: { description: 'The thing as it is now.', headers: ['Consistency-Token'] },
    201: { description: 'The thing was registered.', headers: ['Consistency-Token'] },
  },
  examples: {
    registered: {
      summary: 'A new thing',
      path,
      body: profile,
      status: 201,
      answer: { ...path, ...profile, created_at: at, updated_at: at },
    },
  },
}

/** What the OpenAPI document says of the route of things. */
export const entityOperations = { putEntity }
