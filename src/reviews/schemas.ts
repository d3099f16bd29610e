import { Type } from 'typebox'
import { Closed } from '../contracts/fields.ts'
import { FilledTextPattern, Id, TextPattern, Timestamp, Uuid } from '../platform/http/fields.ts'
import { type Sort, sorts } from './list-reviews.ts'

/** 1 to 5 in halves. Listed, since a multiple of 0.5 is checked with a tolerance. */
const Rating = Type.Unsafe<number>({ type: 'number', enum: [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5] })
const Title = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 200, pattern: TextPattern })
const Content = Type.String({ minLength: 1, maxLength: 10_000, pattern: FilledTextPattern })
const Reason = Type.String({ maxLength: 500, pattern: TextPattern })

const created = {
  entity_type: Id,
  entity_id: Id,
  rating: Rating,
  title: Type.Optional(Title),
  content: Content,
}

/** In local mode nobody else says who the user is. */
export const CreateByAnybody = Closed({ ...created, user_id: Id })
/** With authentication the token says it; a differing one is refused. */
export const CreateByUser = Closed({ ...created, user_id: Type.Optional(Id) })

export const Update = Closed({
  rating: Type.Optional(Rating),
  title: Type.Optional(Title),
  content: Type.Optional(Content),
})

export const ReviewPath = Closed({ review_id: Uuid })
export const RemoveQuery = Closed({ reason: Type.Optional(Reason) })

export const ListQuery = Closed({
  entity_type: Type.Optional(Id),
  entity_id: Type.Optional(Id),
  user_id: Type.Optional(Id),
  rating: Type.Optional(Rating),
  sort: Type.Optional(Type.Unsafe<Sort>({ type: 'string', enum: [...sorts] })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  cursor: Type.Optional(Type.String()),
})

export const ReviewBody = Closed({
  review_id: Uuid,
  user_id: Id,
  entity_type: Id,
  entity_id: Id,
  rating: Rating,
  title: Title,
  content: Content,
  version: Type.Integer({ minimum: 1 }),
  created_at: Timestamp,
  updated_at: Timestamp,
})

export const ListBody = Closed({
  items: Type.Array(ReviewBody),
  next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
})

/** An event's envelope and its position in the log. */
const HistoryItem = Closed({
  event_id: Uuid,
  event_type: Type.String(),
  timestamp: Timestamp,
  aggregate_id: Uuid,
  aggregate_type: Type.String(),
  aggregate_version: Type.Integer({ minimum: 1 }),
  data: Type.Object({}),
  metadata: Closed({ correlation_id: Type.String(), trace_id: Type.String(), user_id: Type.Optional(Id) }),
  position: Type.Integer({ minimum: 1 }),
})

export const HistoryBody = Closed({ items: Type.Array(HistoryItem) })

/** No body at all. */
export const Nothing = Type.Null()
