import { type TSchema, Type } from 'typebox'
import { defineEvent } from '../event.ts'
import { Closed, Content, Id, Rating, Title, Uuid } from '../fields.ts'
import { topics } from '../topics.ts'

const change = <T extends TSchema>(field: T) => Type.Optional(Closed({ old: field, new: field }))

export const reviewUpdated = defineEvent({
  type: 'review.updated.v1',
  topic: topics.reviews,
  aggregateType: 'Review',
  versioned: true,
  data: Closed({
    review_id: Uuid,
    user_id: Id,
    entity_type: Id,
    entity_id: Id,
    changes: Closed({ rating: change(Rating), title: change(Title), content: change(Content) }),
    updated_by: Id,
  }),
  example: {
    review_id: '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c',
    user_id: 'user-456',
    entity_type: 'product',
    entity_id: 'prod-123',
    changes: { rating: { old: 4.5, new: 3 }, title: { old: 'Good value', new: null } },
    updated_by: 'user-456',
  },
})
