import { randomUUID } from 'node:crypto'
import type { EventDefinition } from '../../src/contracts/event.ts'
import { exampleOf } from '../../src/contracts/example.ts'
import { appendParameters, appendWritten, type NewEvent } from '../../src/platform/log/append.ts'
import type { Queryable } from '../../src/platform/postgres/pool.ts'

/** An event to append, by default the example of its type with ids of its own. */
export function newEvent(definition: EventDefinition, over: Partial<NewEvent> = {}): NewEvent {
  const example = exampleOf(definition)
  return {
    eventId: randomUUID(),
    eventType: definition.type,
    occurredAt: new Date().toISOString(),
    aggregateType: definition.aggregateType,
    aggregateId: randomUUID(),
    aggregateVersion: 1,
    data: JSON.stringify(example.data),
    metadata: JSON.stringify(example.metadata),
    traceparent: null,
    ...over,
  }
}

/** Appends events, at most one of each aggregate, without any state. Returns their positions in the same order. */
export async function append(db: Queryable, events: readonly NewEvent[]): Promise<number[]> {
  const { rows } = await db.query<{ aggregate_id: string; position: number }>(
    `with written as (select * from unnest($1::text[]) as w (aggregate_id)), ${appendWritten(2)}
     select aggregate_id, position from appended cross join announced`,
    [events.map(({ aggregateId }) => aggregateId), ...appendParameters(events)],
  )
  const positions = new Map(rows.map((row) => [row.aggregate_id, row.position]))
  return events.map(({ aggregateId }) => positions.get(aggregateId) ?? -1)
}
