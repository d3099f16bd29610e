import { Type } from 'typebox'
import { Closed } from '../contracts/fields.ts'
import { Id, Timestamp } from '../platform/http/fields.ts'
import { ratings } from './statistics.ts'

export const EntityPath = Closed({ entity_type: Id, entity_id: Id })

const Count = Type.Integer({ minimum: 0 })
const Average = Type.Number({ minimum: 0, maximum: 5 })

export const StatsBody = Closed({
  entity_type: Id,
  entity_id: Id,
  count: Count,
  average: Average,
  histogram: Closed(Object.fromEntries(ratings.map((rating) => [rating, Count]))),
  bayesian_average: Average,
  updated_at: Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time' }),
  revision: Count,
  position: Count,
})

export const SeriesQuery = Closed({
  interval: Type.Optional(Type.Unsafe<'day'>({ type: 'string', enum: ['day'] })),
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
})

export const SeriesBody = Closed({
  items: Type.Array(Closed({ start: Timestamp, count: Count, average: Average })),
})
