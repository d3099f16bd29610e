import { isUtf8 } from 'node:buffer'
import { decode } from '../../contracts/decode.ts'
import { headers } from '../../contracts/headers.ts'
import { headerText, type IncomingRecord, timeOf } from '../../platform/kafka/records.ts'
import type { Message } from '../contract/messages.ts'
import { maskAll, maskEvent } from './mask.ts'

/** A value longer than this is cut: a page shows it, nobody reads it. */
const maxShown = 100_000

/** A record for the console: text alone, and masked unless it is to be revealed. */
export function toMessage(record: IncomingRecord, revealed: boolean): Message {
  const decoded = decode(record.value)
  const text = record.value && isUtf8(record.value) ? record.value.toString('utf8') : null
  const parsed = parse(text)
  const shown = revealed ? parsed : decoded.ok ? maskEvent(parsed) : maskAll(parsed)
  return {
    topic: record.topic,
    partition: record.partition,
    offset: Number(record.offset),
    timestamp: timeOf(record).toISOString(),
    key: record.key?.toString('utf8') ?? null,
    event_type: decoded.ok ? decoded.event.event_type : headerText(record.headers, headers.eventType),
    event_id: decoded.ok ? decoded.event.event_id : headerText(record.headers, headers.eventId),
    headers: record.headers.map(([name, value]) => ({
      name: name.toString('utf8'),
      value: value?.toString('utf8') ?? null,
    })),
    json: shown === undefined ? null : JSON.stringify(shown, null, 2).slice(0, maxShown),
    raw: revealed ? (text?.slice(0, maxShown) ?? null) : null,
    bytes: record.value?.length ?? 0,
    problem: decoded.ok ? null : `${decoded.code}: ${decoded.detail}`,
    masked: !revealed,
  }
}

function parse(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
