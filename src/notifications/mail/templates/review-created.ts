import { Type } from 'typebox'
import { reviewCreated as event } from '../../../contracts/events/review-created.ts'
import { outOfFive } from '../stars.ts'
import { defineTemplate, greeting, nameOf } from '../template.ts'

/** To the author of a new review. */
export const reviewCreated = defineTemplate({
  name: 'review_created',
  params: Type.Pick(event.data, ['entity_type', 'entity_id', 'rating', 'title', 'content']),
  letter: (params, reader) => ({
    subject: `Thank you for your review of ${nameOf(params)}`,
    preview: `${outOfFive(params.rating)}. ${params.title ?? params.content}`,
    heading: 'Thank you for your review',
    blocks: [
      { kind: 'paragraph', text: greeting(reader) },
      {
        kind: 'paragraph',
        text: 'Your review is published, and others can read it. This is what you wrote:',
      },
      {
        kind: 'review',
        review: {
          entityType: params.entity_type,
          entityId: params.entity_id,
          rating: params.rating,
          title: params.title,
          content: params.content,
        },
      },
    ],
    reason: 'You receive this mail because you wrote a review.',
  }),
})
