import { Type } from 'typebox'
import { Closed } from '../contracts/fields.ts'
import { Id, Timestamp } from '../platform/http/fields.ts'
import { ratings } from './statistics.ts'

const EntityType = Type.With(Id, { description: 'What kind of thing it is: `product`, `service`, …' })
const EntityId = Type.With(Id, {
  description: 'Your id of the thing, percent-encoded where it stands in a path.',
})

export const EntityPath = Closed({ entity_type: EntityType, entity_id: EntityId })

const Count = Type.Integer({ minimum: 0 })
const Average = Type.Number({ minimum: 0, maximum: 5 })

export const StatsBody = Closed(
  {
    entity_type: EntityType,
    entity_id: EntityId,
    count: Type.With(Count, { description: 'How many live reviews there are.' }),
    average: Type.With(Average, {
      description: 'The mean of their ratings, to two decimals; 0 without reviews.',
    }),
    histogram: Closed(Object.fromEntries(ratings.map((rating) => [rating, Count])), {
      description: 'How many reviews have each rating; all nine are always there.',
    }),
    bayesian_average: Type.With(Average, {
      description:
        'The mean, drawn towards a usual one while there are few reviews: what to order things by, since five ' +
        'stars by one user say less than 4.7 by a thousand. To two decimals; 0 without reviews.',
    }),
    updated_at: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      format: 'date-time',
      description: 'When a review of the thing last changed; null without any.',
    }),
    revision: Type.With(Count, { description: 'Grows with each change of a review of this thing.' }),
    position: Type.With(Count, {
      description: 'The place in the log of the last event that is counted here.',
    }),
  },
  { title: 'Statistics' },
)

// Their form is checked with the range that they make, see `rangeOf`.
export const SeriesQuery = Closed({
  interval: Type.Optional(
    Type.Unsafe<'day'>({
      type: 'string',
      enum: ['day'],
      default: 'day',
      description: 'How long each item is.',
    }),
  ),
  from: Type.Optional(Type.String({ description: 'The first day, or a time in it.' })),
  to: Type.Optional(Type.String({ description: 'The day after the last one, or a time in the last one.' })),
})

export const SeriesBody = Closed(
  {
    items: Type.Array(
      Closed(
        {
          start: Type.With(Timestamp, { description: 'Midnight in UTC, when the day begins.' }),
          count: Type.With(Count, { description: 'Live reviews that were written on this day.' }),
          average: Type.With(Average, {
            description: 'The mean of their ratings, to two decimals; 0 without any.',
          }),
          views: Type.With(Count, { description: 'How often the thing was looked at on this day, about.' }),
        },
        { title: 'Day' },
      ),
    ),
  },
  { title: 'TimeSeries' },
)
