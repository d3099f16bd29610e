import { hash } from 'node:crypto'

/**
 * A correlation or trace id as a number of 64 bits, as Postgres keeps it. Two ids may share one: whoever looks up
 * compares the ids themselves.
 */
export function journeyKey(id: string): bigint {
  return hash('sha1', id.toLowerCase(), 'buffer').readBigInt64BE()
}

const ids = /"(?:correlation_id|trace_id)":"([^"\\]{1,200})"/g

/** The keys of an event, each once, out of its metadata's text: nobody on the way parses it. */
export function keysOf(metadata: string): bigint[] {
  const found = new Set([...metadata.matchAll(ids)].map(([, id = '']) => id))
  return [...found].map(journeyKey)
}
