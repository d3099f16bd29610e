import { headerText, type IncomingRecord } from '../../src/platform/kafka/records.ts'
import type { Findings, LogEvent } from './check-log.ts'

export interface TopicVerdict {
  readonly findings: Findings
  /** Records that say again what an earlier one of the topic said. */
  readonly repeats: number
}

/**
 * Every event of the log is on its topic with the bytes of its envelope, and each aggregate's versions come in
 * order once repeats are removed. `foreign` tells records that somebody else put there.
 */
export function checkTopic(
  log: readonly LogEvent[],
  records: readonly IncomingRecord[],
  foreign: (record: IncomingRecord) => boolean = () => false,
): TopicVerdict {
  const findings: Findings = []
  const missing = new Map(log.map((event) => [event.event_id, event]))
  const byId = new Map(missing)
  const latest = new Map<string, number>()
  let repeats = 0
  for (const record of records.toSorted(inPartitionOrder)) {
    const id = headerText(record.headers, 'event_id') ?? ''
    const event = byId.get(id)
    if (!event) {
      if (!foreign(record)) findings.push(`${at(record)} is no event of the log`)
      continue
    }
    if (!missing.delete(id)) {
      repeats += 1
      continue
    }
    if (record.value?.toString() !== event.envelope)
      findings.push(`${at(record)} has other bytes than the log`)
    const version = event.aggregate_version ?? 0
    const before = latest.get(event.aggregate_id) ?? 0
    if (version !== before + 1)
      findings.push(`${at(record)}: version ${version} of ${event.aggregate_id} after ${before}`)
    latest.set(event.aggregate_id, version)
  }
  for (const event of missing.values())
    findings.push(`lost on its topic: position ${event.position}, ${event.event_type}`)
  return { findings, repeats }
}

function inPartitionOrder(one: IncomingRecord, other: IncomingRecord): number {
  return one.partition - other.partition || Number(one.offset - other.offset)
}

function at({ topic, partition, offset }: IncomingRecord): string {
  return `${topic}/${partition}@${offset}`
}
