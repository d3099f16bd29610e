import { Type } from 'typebox'
import { defineEvent } from '../event.ts'
import { Closed, Id, Uuid } from '../fields.ts'
import { topics } from '../topics.ts'

/** Somebody looked. Straight to Kafka and not through the log: views are lossy by contract. */
export const statsViewed = defineEvent({
  type: 'stats.viewed.v1',
  topic: topics.analytics,
  aggregateType: 'Entity',
  versioned: false,
  data: Closed({
    entity_type: Id,
    entity_id: Id,
    review_id: Type.Optional(Uuid),
    source: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  }),
  example: { entity_type: 'product', entity_id: 'prod-123', source: 'web' },
})
