import { isUuid } from '../../contracts/uuid.ts'
import { journeyKey } from '../../platform/journeys/journey-key.ts'
import { positionsOf } from '../../platform/journeys/journey-store.ts'
import { eventsAt, findEvent } from '../../platform/log/find-events.ts'
import { readNewest, type StoredEvent } from '../../platform/log/stored-event.ts'
import type { Queryable } from '../../platform/postgres/pool.ts'
import type { JourneyPage } from '../contract/journey.ts'

const mostEvents = 50

export interface FoundEvents {
  readonly by: JourneyPage['found_by']
  readonly events: readonly StoredEvent[]
}

export interface Ids {
  readonly correlation_id?: string
  readonly trace_id?: string
  readonly user_id?: string
}

/** What an id names: a review, an event, a request by its correlation id, or a trace. */
export async function findEvents(db: Queryable, id: string): Promise<FoundEvents> {
  if (isUuid(id.toLowerCase())) {
    const ofReview = await readNewest(db, { type: 'Review', id: id.toLowerCase() }, mostEvents)
    if (ofReview.length > 0) return { by: 'review', events: ofReview }
    const event = await findEvent(db, id)
    if (event) return { by: 'event', events: [event] }
  }
  const candidates = await eventsAt(db, await positionsOf(db, journeyKey(id), mostEvents))
  // A request without a correlation id of its own has that of its trace.
  for (const by of ['trace', 'correlation'] as const) {
    const events = candidates.filter(
      ({ metadata }) => idsOf(metadata)[`${by}_id`]?.toLowerCase() === id.toLowerCase(),
    )
    if (events.length > 0) return { by, events }
  }
  return { by: null, events: [] }
}

export function idsOf(metadata: string): Ids {
  return JSON.parse(metadata) as Ids
}
