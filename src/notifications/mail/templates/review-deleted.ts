import { Type } from 'typebox'
import { reviewDeleted as event } from '../../../contracts/events/review-deleted.ts'
import type { Block } from '../letter.ts'
import { defineTemplate, greeting, nameOf } from '../template.ts'

const { entity_type, entity_id, rating, reason } = event.data.properties

/** To the author of a review that is gone, with the reason where one was given. */
export const reviewDeleted = defineTemplate({
  name: 'review_deleted',
  params: Type.Object({ entity_type, entity_id, rating, reason, deleted_by_author: Type.Boolean() }),
  letter: (params, reader) => ({
    subject: `Your review of ${nameOf(params)} was deleted`,
    preview: params.reason ?? 'It is no longer shown, and its rating no longer counts.',
    heading: 'Your review was deleted',
    blocks: [
      { kind: 'paragraph', text: greeting(reader) },
      {
        kind: 'paragraph',
        text: `${params.deleted_by_author ? 'As you asked, your review was deleted.' : 'A moderator deleted your review.'} It is no longer shown, and its rating no longer counts.`,
      },
      {
        kind: 'review',
        review: { entityType: params.entity_type, entityId: params.entity_id, rating: params.rating },
      },
      ...noteOf(params.reason),
    ],
    reason: 'You receive this mail because a review of yours was deleted.',
  }),
})

function noteOf(text: string | null): Block[] {
  return text ? [{ kind: 'note', label: 'Reason', text }] : []
}
