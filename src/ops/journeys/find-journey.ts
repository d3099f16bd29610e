import { revisionWith } from '../../analytics/statistics-store.ts'
import { definitionOf } from '../../contracts/catalogue.ts'
import { groups } from '../../contracts/consumer-groups.ts'
import { headers } from '../../contracts/headers.ts'
import { topics } from '../../contracts/topics.ts'
import { noticesOfEvent } from '../../notifications/notices-of-event.ts'
import { type Passage, readPassage } from '../../platform/journeys/journey-store.ts'
import type { Admin } from '../../platform/kafka/admin.ts'
import { partitionOf } from '../../platform/kafka/partitioner.ts'
import type { RecordReader } from '../../platform/kafka/record-reader.ts'
import { headerText } from '../../platform/kafka/records.ts'
import type { StoredEvent } from '../../platform/log/stored-event.ts'
import type { Pool } from '../../platform/postgres/pool.ts'
import type { EventJourney, JourneyPage } from '../contract/journey.ts'
import { lettersOfEvent } from '../dead-letters/letters.ts'
import { findEvents, idsOf } from './find-events.ts'
import { momentsOf, type Place } from './moments.ts'

export interface JourneySources {
  readonly pool: Pool
  readonly admin: Admin
  readonly reader: RecordReader
}

/** The life of what an id names. */
export async function findJourney(sources: JourneySources, id: string): Promise<JourneyPage> {
  const asked = id.trim()
  const { by, events } = await findEvents(sources.pool, asked)
  const journeys = await Promise.all(events.map((event) => journeyOf(sources, event)))
  return { asked, found_by: by, events: journeys }
}

async function journeyOf(sources: JourneySources, event: StoredEvent): Promise<EventJourney> {
  const { pool } = sources
  const topic = definitionOf(event.event_type)?.topic.name ?? topics.reviews.name
  const [passage, notices, letters, standings, revision] = await Promise.all([
    readPassage(pool, event.position),
    noticesOfEvent(pool, event.event_id),
    lettersOfEvent(pool, event.aggregate_id, event.event_id),
    standingsOn(sources.admin, topic).catch(() => []),
    revisionOf(pool, event),
  ])
  const place = await placeOf(sources, event, topic, passage)
  const ids = idsOf(event.metadata)
  return {
    event_id: event.event_id,
    event_type: event.event_type,
    aggregate_id: event.aggregate_id,
    aggregate_version: event.aggregate_version,
    position: event.position,
    occurred_at: event.occurred_at.toISOString(),
    correlation_id: ids.correlation_id ?? '',
    trace_id: ids.trace_id ?? '',
    user_id: ids.user_id ?? null,
    moments: momentsOf({
      occurredAt: event.occurred_at,
      position: event.position,
      version: event.aggregate_version,
      place,
      passage,
      notices,
      letters,
      groups: groupsOf(passage, standings, place.partition),
      revision,
    }),
  }
}

/** The groups that have committed an offset there, and those of which something was noted. */
function groupsOf(passage: Passage, standings: Awaited<ReturnType<typeof standingsOn>>, partition: number) {
  const noted = [...passage.settlements, ...passage.failures].map(({ group }) => group)
  const names = new Set([...standings.map(({ group }) => group), ...noted])
  return [...names].map((group) => {
    const committed = standings.find((one) => one.group === group)?.committed
    return { group, committed: committed?.get(partition) ?? null }
  })
}

/** The groups of ours that read a topic. */
async function standingsOn(admin: Admin, topic: string) {
  const all = await Promise.all(
    Object.values(groups).map(async (group) => ({
      group,
      committed: (await admin.committed(group)).get(topic),
    })),
  )
  return all.flatMap(({ group, committed }) => (committed ? [{ group, committed: numbers(committed) }] : []))
}

function numbers(offsets: ReadonlyMap<number, bigint>): ReadonlyMap<number, number> {
  return new Map([...offsets].map(([partition, offset]) => [partition, Number(offset)]))
}

const mostReads = 5

/** Its partition follows from its key; its offset lies among those of a batch that had it. */
async function placeOf(
  { admin, reader }: JourneySources,
  event: StoredEvent,
  topic: string,
  passage: Passage,
): Promise<Place> {
  const described = await admin.topics().catch(() => [])
  const count = described.find(({ name }) => name === topic)?.partitions.length ?? 1
  const partition = partitionOf(Buffer.from(event.aggregate_id), count)
  const failure = passage.failures.find((one) => one.topic === topic && one.partition === partition)
  if (failure) return { topic, partition, offset: failure.offset }
  const range = passage.settlements.find((one) => one.topic === topic && one.partition === partition)
  if (!range) return { topic, partition, offset: null }
  let from = BigInt(range.firstOffset)
  for (let read = 0; read < mostReads && from <= range.lastOffset; read += 1) {
    const records = await reader.read(topic, partition, from).catch(() => [])
    const found = records.find((record) => headerText(record.headers, headers.eventId) === event.event_id)
    if (found) return { topic, partition, offset: Number(found.offset) }
    const last = records.at(-1)
    if (!last) break
    from = last.offset + 1n
  }
  return { topic, partition, offset: null }
}

/** Undefined for what is no review's. */
async function revisionOf(pool: Pool, event: StoredEvent): Promise<number | null | undefined> {
  if (event.aggregate_type !== 'Review' || event.aggregate_version === null) return undefined
  const { entity_type, entity_id } = JSON.parse(event.data) as { entity_type?: string; entity_id?: string }
  if (!entity_type || !entity_id) return undefined
  return revisionWith(
    pool,
    { entityType: entity_type, entityId: entity_id },
    event.aggregate_id,
    event.aggregate_version,
  )
}
