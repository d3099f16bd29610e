import type { Envelope, EventDefinition } from './event.ts'

/** A valid event of this type, for documentation, fixtures and tests. */
export function exampleOf(definition: EventDefinition): Envelope {
  return {
    event_id: '019a0c5e-7b1f-7000-8000-000000000001',
    event_type: definition.type,
    timestamp: '2026-11-23T10:30:00.000Z',
    aggregate_id: '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c',
    aggregate_type: definition.aggregateType,
    ...(definition.versioned ? { aggregate_version: 1 } : {}),
    data: definition.example,
    metadata: {
      correlation_id: 'req-7f3a',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      user_id: 'user-456',
    },
  }
}
