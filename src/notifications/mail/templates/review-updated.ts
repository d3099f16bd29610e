import { type Static, Type } from 'typebox'
import { reviewUpdated as event } from '../../../contracts/events/review-updated.ts'
import type { Change } from '../letter.ts'
import { defineTemplate, greeting, nameOf } from '../template.ts'

/** To the author of a review that was changed: what it says now, and what it said before. */
export const reviewUpdated = defineTemplate({
  name: 'review_updated',
  params: Type.Pick(event.data, ['entity_type', 'entity_id', 'changes']),
  letter: (params, reader) => {
    const changes = changesOf(params.changes)
    return {
      subject: `Your review of ${nameOf(params)} was changed`,
      preview: `Changed: ${changes.map(({ label }) => label.toLowerCase()).join(', ')}`,
      heading: 'Your review was changed',
      blocks: [
        { kind: 'paragraph', text: greeting(reader) },
        {
          kind: 'paragraph',
          text: `Your review of ${nameOf(params)} was changed, and others see it as it is now.`,
        },
        { kind: 'changes', changes },
      ],
      reason: 'You receive this mail because a review of yours was changed.',
    }
  },
})

function changesOf({ rating, title, content }: Static<typeof event.data>['changes']): Change[] {
  return [
    ...(rating ? [{ label: 'Rating', ...rating }] : []),
    ...(title ? [{ label: 'Title', ...title }] : []),
    ...(content ? [{ label: 'Review', ...content }] : []),
  ]
}
