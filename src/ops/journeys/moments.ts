import type { NoticeOfEvent } from '../../notifications/notices-of-event.ts'
import type { Passage } from '../../platform/journeys/journey-store.ts'
import type { Moment } from '../contract/journey.ts'
import type { Letter } from '../dead-letters/letters.ts'

/** Where the event lies on its topic. The offset is null where it was not found there. */
export interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: number | null
}

export interface Noted {
  readonly occurredAt: Date
  readonly position: number
  readonly version: number | null
  readonly place: Place
  readonly passage: Passage
  readonly notices: readonly NoticeOfEvent[]
  readonly letters: readonly Letter[]
  /** The groups that read the topic, with the offset that each goes on from; null where none is committed. */
  readonly groups: readonly { readonly group: string; readonly committed: number | null }[]
  /** The statistics' revision that has this event; null while they do not have it, undefined where it is no review's. */
  readonly revision: number | null | undefined
}

/** The life of an event, in the order in which it happened; what is still to come stands at the end. */
export function momentsOf(noted: Noted): Moment[] {
  const { occurredAt, position, version, place } = noted
  const moments = [
    moment('accepted', occurredAt, 'Accepted', 'The API took the request'),
    moment(
      'committed',
      null,
      'In the log',
      `position ${position}${version === null ? '' : `, version ${version}`}`,
    ),
    ...published(noted),
    ...noted.groups.flatMap(({ group, committed }) => ofGroup(noted, group, committed)),
    ...noted.notices.map(mail),
    ...readModel(noted),
  ].map((one) => ({ ...one, after_ms: one.at === null ? null : Date.parse(one.at) - occurredAt.getTime() }))
  const [lead, rest] = [moments.slice(0, 2), moments.slice(2)]
  const link = place.offset === null ? null : messageLink(place)
  return [...lead, ...rest.sort(byTime)].map((one) => (one.kind === 'published' ? { ...one, link } : one))
}

function published({ passage, place }: Noted): Moment[] {
  const where = `${place.topic}, partition ${place.partition}${place.offset === null ? '' : `, offset ${place.offset}`}`
  if (passage.publications.length === 0) {
    return place.offset === null
      ? [moment('published', null, 'Not published yet', 'The relay has it before it', 'waiting')]
      : [moment('published', null, 'Published', where)]
  }
  // A worker may have the record before the relay has heard that Kafka took it.
  const effects = passage.settlements
    .filter(({ topic, partition }) => topic === place.topic && partition === place.partition)
    .map(({ settledAt }) => settledAt)
  return passage.publications.map(({ publishedAt }, index) =>
    index === 0
      ? moment('published', earliest([publishedAt, ...effects]), 'Published', where)
      : moment('published', publishedAt, 'Published again', where),
  )
}

function earliest(dates: readonly Date[]): Date {
  return new Date(Math.min(...dates.map((date) => date.getTime())))
}

function ofGroup({ passage, place, letters }: Noted, group: string, committed: number | null): Moment[] {
  const failures = passage.failures.filter((one) => one.group === group)
  const done = passage.settlements.filter(
    (one) =>
      one.group === group &&
      one.topic === place.topic &&
      one.partition === place.partition &&
      // The batch had it, and it is the one that did not end well there.
      !failures.some(({ attempt, failedAt }) => attempt === one.attempt && +failedAt === +one.settledAt),
  )
  const own = letters.filter((letter) => letter.consumer_group === group)
  const moments = [
    ...failures.map(({ failedAt, attempt, outcome, errorCode }) => {
      const letter = own[0]
      const link = outcome === 'dead-letter' && letter ? `/dead-letters?letter=${letter.letter_id}` : null
      const what = outcome === 'retry' ? 'will try again' : 'gave up'
      return {
        ...moment('settled', failedAt, `${group} ${what}`, `attempt ${attempt}: ${errorCode}`, 'failed'),
        link,
      }
    }),
    ...done.map(({ settledAt, attempt }, index) =>
      moment(
        'settled',
        settledAt,
        index === 0 ? `${group} is done` : `${group} absorbed a repeat`,
        attempt > 1 ? `at attempt ${attempt}` : 'at the first attempt',
      ),
    ),
  ]
  if (moments.length > 0) return moments
  if (place.offset !== null && committed !== null && committed > place.offset) {
    return [moment('settled', null, `${group} has passed it`, 'When, is not noted any more')]
  }
  const behind =
    place.offset === null || committed === null ? '' : `${place.offset - committed} records before it`
  return [moment('settled', null, `${group} has not read it`, behind, 'waiting')]
}

function mail({
  channel,
  template,
  recipient,
  status,
  attempts,
  lastError,
  createdAt,
  sentAt,
}: NoticeOfEvent): Moment {
  const tries = attempts > 0 ? `, ${attempts} failed ${attempts === 1 ? 'try' : 'tries'}: ${lastError}` : ''
  const detail = `${channel}, ${template}, to ${recipient}${tries}`
  if (sentAt) return moment('mail', sentAt, 'Mail sent', detail)
  return status === 'sending'
    ? moment('mail', createdAt, 'Mail is being sent', detail, 'waiting')
    : moment('mail', createdAt, 'Mail waits', detail, attempts > 0 ? 'failed' : 'waiting')
}

function readModel({ revision }: Noted): Moment[] {
  if (revision === undefined) return []
  return revision === null
    ? [moment('read-model', null, 'Not in the statistics yet', '', 'waiting')]
    : [moment('read-model', null, 'In the statistics', `which are at revision ${revision}`)]
}

function moment(
  kind: Moment['kind'],
  at: Date | null,
  title: string,
  detail: string,
  outcome: Moment['outcome'] = 'ok',
): Moment {
  return { kind, at: at?.toISOString() ?? null, title, detail, outcome, link: null, after_ms: null }
}

/** What has no time comes last: it is either still to come, or true now. */
function byTime(a: Moment, b: Moment): number {
  if (a.at === null || b.at === null) return Number(a.at === null) - Number(b.at === null)
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0
}

function messageLink({ topic, partition, offset }: Place): string {
  return `/topics/${encodeURIComponent(topic)}?from=offset&partition=${partition}&offset=${offset}`
}
