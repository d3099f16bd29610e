import { Type } from 'typebox'
import type { EventDefinition } from '../contracts/event.ts'
import { reviewCreated } from '../contracts/events/review-created.ts'
import { reviewDeleted } from '../contracts/events/review-deleted.ts'
import { reviewUpdated } from '../contracts/events/review-updated.ts'
import { Closed } from '../contracts/fields.ts'
import { FilledTextPattern, Id, multipleOf, TextPattern, Timestamp, Uuid } from '../platform/http/fields.ts'
import { mostInteger } from '../platform/postgres/integer.ts'
import { type Sort, sorts } from './list-reviews.ts'

/** By its limits rather than as a list: generators of clients stumble over a list of numbers with and without a fraction. */
const Rating = Type.With(multipleOf(0.5, { minimum: 1, maximum: 5 }), { description: '1 to 5 in halves.' })
const Title = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 200, pattern: TextPattern })
const Content = Type.String({
  minLength: 1,
  maxLength: 10_000,
  pattern: FilledTextPattern,
  description: 'What the user says, 1 to 10,000 characters of plain text, not all of them blank.',
})
const Reason = Type.String({ maxLength: 500, pattern: TextPattern })

const EntityType = Type.With(Id, { description: 'What kind of thing is reviewed: `product`, `service`, …' })
const EntityId = Type.With(Id, { description: 'Your id of the thing, unique among those of its type.' })
const ReviewId = Type.With(Uuid, { description: 'The id of the review, a UUIDv7.' })

const created = {
  entity_type: EntityType,
  entity_id: EntityId,
  rating: Rating,
  title: Type.Optional(Type.With(Title, { description: 'A headline; none if absent or null.' })),
  content: Content,
}

/** In local mode nobody else says who the user is. */
export const CreateByAnybody = Closed(
  { ...created, user_id: Type.With(Id, { description: 'Who writes the review.' }) },
  { title: 'NewReview' },
)
/** With authentication the token says it; a differing one is refused. */
export const CreateByUser = Closed(
  {
    ...created,
    user_id: Type.Optional(
      Type.With(Id, {
        description:
          "Who writes the review. With a user's token it may be left out, and has to be the token's `sub` if it is " +
          'given; with an API key it is required, since a server writes for its users.',
      }),
    ),
  },
  { title: 'NewReview' },
)

export const Update = Closed(
  {
    rating: Type.Optional(Rating),
    title: Type.Optional(Type.With(Title, { description: 'A new headline; null removes it.' })),
    content: Type.Optional(Content),
  },
  { title: 'ReviewChanges', description: 'What is absent stays as it is.' },
)

export const ReviewPath = Closed({ review_id: ReviewId })

export const RemoveQuery = Closed({
  reason: Type.Optional(
    Type.With(Reason, {
      description:
        'Why, at most 500 characters; the author is told. Required of a moderator who deletes the review of another.',
    }),
  ),
})

export const ListQuery = Closed({
  entity_type: Type.Optional(Type.With(Id, { description: 'Only reviews of things of this type.' })),
  entity_id: Type.Optional(
    Type.With(Id, {
      description: 'Only reviews of things with this id; mostly given together with `entity_type`.',
    }),
  ),
  user_id: Type.Optional(Type.With(Id, { description: 'Only reviews by this user.' })),
  rating: Type.Optional(Type.With(Rating, { description: 'Only reviews with exactly this rating.' })),
  sort: Type.Optional(
    Type.Unsafe<Sort>({
      type: 'string',
      enum: [...sorts],
      default: 'newest',
      description:
        'The order: `newest` or `oldest` first, `highest` or `lowest` rating first, or the most `helpful` first, ' +
        'which is by newest until there are votes. Ties are in the order of ids.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100,
      default: 20,
      description: 'The most reviews to answer at once.',
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      description:
        'The `next_cursor` of the page before, to go on from there. It is good for the same filter and order alone.',
    }),
  ),
})

/** Few reviews are changed as often. */
export const mostOfHistory = 500

export const HistoryQuery = Closed({
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: mostInteger,
      default: 0,
      description: 'Only events after the one that made this version: the `next_after` of the answer before.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: mostOfHistory,
      default: mostOfHistory,
      description: 'The most events to answer at once. Of large ones fewer come.',
    }),
  ),
})

export const ReviewBody = Closed(
  {
    review_id: ReviewId,
    user_id: Type.With(Id, { description: 'Who wrote it.' }),
    entity_type: EntityType,
    entity_id: EntityId,
    rating: Rating,
    title: Type.With(Title, { description: 'The headline; null if there is none.' }),
    content: Content,
    version: Type.Integer({
      minimum: 1,
      description: 'Grows by one with each change; the `ETag` has the same.',
    }),
    created_at: Timestamp,
    updated_at: Type.With(Timestamp, {
      description: 'When it was last changed; equal to `created_at` at first.',
    }),
  },
  { title: 'Review' },
)

export const ListBody = Closed(
  {
    items: Type.Array(ReviewBody, { description: 'The reviews of this page, in order.' }),
    next_cursor: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'Send it as `cursor` for the next page. Null when this page is the last one.',
    }),
  },
  { title: 'ReviewList' },
)

const Metadata = Closed(
  {
    correlation_id: Type.String({ description: 'The `X-Correlation-Id` of the request.' }),
    trace_id: Type.String({ description: 'The trace of the request.' }),
    user_id: Type.Optional(Type.With(Id, { description: 'Who did it.' })),
  },
  { title: 'EventMetadata', description: 'Where the event comes from.' },
)

/** An event's envelope and its position in the log. */
function historyItem<D extends EventDefinition>({ type, data }: D, title: string, description: string) {
  const item = {
    event_id: Uuid,
    event_type: Type.Literal(type),
    timestamp: Timestamp,
    aggregate_id: ReviewId,
    aggregate_type: Type.Literal('Review'),
    aggregate_version: Type.Integer({ minimum: 1, description: 'The version of the review after it.' }),
    data,
    metadata: Metadata,
    position: Type.Integer({ minimum: 1, description: 'Its place in the log of all events.' }),
  }
  return Closed(item, { title, description })
}

export const HistoryBody = Closed(
  {
    items: Type.Array(
      Type.Union([
        historyItem(reviewCreated, 'ReviewCreated', 'The review was written.'),
        historyItem(
          reviewUpdated,
          'ReviewUpdated',
          'The review was changed; `changes` has what was and what is.',
        ),
        historyItem(reviewDeleted, 'ReviewDeleted', 'The review was deleted.'),
      ]),
      { description: 'The events of the review, oldest first; `event_type` says which kind each one is.' },
    ),
    next_after: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      description: 'Send it as `after` for the events that follow. Null when these are the last.',
    }),
  },
  { title: 'ReviewHistory' },
)

/** No body at all. */
export const Nothing = Type.Null()
