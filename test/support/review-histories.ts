import fc from 'fast-check'
import { newReview, type ReviewEvent, reviewEvent } from './review-events.ts'

const ratings = fc.integer({ min: 2, max: 10 }).map((halves) => halves / 2)

const history = fc
  .record({
    entity: fc.constantFrom('a', 'b', 'c'),
    created: ratings,
    at: fc.date({ min: new Date('2026-11-01'), max: new Date('2026-11-04'), noInvalidDate: true }),
    updates: fc.array(
      fc.oneof(
        ratings.map((rated) => ({ rated })),
        fc.constant({ retitled: 'T' }),
      ),
      {
        maxLength: 4,
      },
    ),
    deleted: fc.boolean(),
  })
  .map(({ entity, created, at, updates, deleted }): ReviewEvent[] => {
    const review = newReview(entity)
    const happenings = [{ created }, ...updates, ...(deleted ? [{ deleted: true as const }] : [])]
    return happenings.map((happening, i) => reviewEvent(review, i + 1, happening, at))
  })

/** The events of some reviews of three entities, each review's in their order. */
export const historiesOfReviews = fc.array(history, { minLength: 1, maxLength: 8 })
