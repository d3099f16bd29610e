import { randomUUID } from 'node:crypto'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { exampleOf } from '../../src/contracts/example.ts'
import type { ForeignRecord } from './foreign-producer.ts'

export interface Poison extends ForeignRecord {
  readonly kind: string
  readonly code: string
}

const event = exampleOf(reviewCreated)
const text = (value: unknown) => Buffer.from(JSON.stringify(value))

/** Records that no group can ever handle, each with the code of the dead letter that it becomes. */
export function poisons(): Poison[] {
  const kinds: [kind: string, code: string, value: Buffer | null][] = [
    ['a tombstone', 'undecodable', null],
    ['bytes that are not UTF-8', 'undecodable', Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x80])],
    ['text that is not JSON', 'undecodable', Buffer.from('{"event_type":"review.created.v1"')],
    ['JSON that is no object', 'undecodable', Buffer.from('[1, 2, 3]')],
    ['a type that nobody declared', 'unknown_event_type', text({ ...event, event_type: 'review.liked.v1' })],
    [
      'a value that fails its schema',
      'schema_mismatch',
      text({ ...event, data: { ...event.data, rating: 7 } }),
    ],
    [
      'an event that the log does not know',
      'unknown_to_log',
      text({ ...event, event_id: randomUUID(), aggregate_id: randomUUID() }),
    ],
    [
      'a megabyte',
      'unknown_event_type',
      text({ event_type: 'review.huge.v1', padding: 'x'.repeat(900_000) }),
    ],
  ]
  return kinds.map(([kind, code, value]) => ({
    kind,
    code,
    value,
    key: `poison-${randomUUID()}`,
    headers: { 'x-foreign': kind },
  }))
}
