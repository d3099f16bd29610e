import { defineEvent } from '../event.ts'
import { Closed, Content, Id, Rating, Title, Uuid } from '../fields.ts'
import { topics } from '../topics.ts'

export const reviewCreated = defineEvent({
  type: 'review.created.v1',
  topic: topics.reviews,
  aggregateType: 'Review',
  versioned: true,
  data: Closed({
    review_id: Uuid,
    user_id: Id,
    entity_type: Id,
    entity_id: Id,
    rating: Rating,
    title: Title,
    content: Content,
  }),
  example: {
    review_id: '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c',
    user_id: 'user-456',
    entity_type: 'product',
    entity_id: 'prod-123',
    rating: 4.5,
    title: 'Good value',
    content: 'Does what it says.',
  },
})
