import { decode } from '../contracts/decode.ts'
import { envelopeText, type StoredEvent } from '../platform/log/stored-event.ts'
import { changeOf, type ReviewChange, type ReviewEvent } from './review-state.ts'

/** What events of the log do to reviews; those of other aggregates are left out. */
export function changesOf(events: readonly StoredEvent[]): ReviewChange[] {
  return events
    .filter(({ aggregate_type }) => aggregate_type === 'Review')
    .flatMap((event) => {
      const decoded = decode(Buffer.from(envelopeText(event)))
      return decoded.ok ? [changeOf(decoded.event as ReviewEvent, event.position)] : []
    })
}
