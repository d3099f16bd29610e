import { deadLetterHeaders } from '../../src/contracts/headers.ts'
import { topics } from '../../src/contracts/topics.ts'
import { headerText, type IncomingRecord } from '../../src/platform/kafka/records.ts'
import { checkLists } from './check-lists.ts'
import {
  checkAcknowledged,
  checkDense,
  checkStateEqualsLog,
  type Findings,
  type LogEvent,
  readWholeLog,
} from './check-log.ts'
import { checkNotices } from './check-notices.ts'
import { checkStatistics } from './check-statistics.ts'
import { checkTopic } from './check-topic.ts'
import type { LoadRecord } from './recorded-load.ts'
import type { System } from './system.ts'

export interface Expectations {
  /** Dead letters that the case itself has caused since the system started. */
  readonly deadLetters?: number
  /** Records that the case put on `reviews.events` by itself. */
  readonly foreign?: (record: IncomingRecord) => boolean
  /** Whether `reviews.events` was made anew: what was published again before lies there no more. */
  readonly topicIsNew?: boolean
  /** Records that must have been published again: otherwise the case missed the moment that it is about. */
  readonly atLeastRepeated?: number
  /** How many mails may have arrived again: those in the window between an SMTP server's answer and our commit. */
  readonly repeatedMails?: number
}

export interface Verdict {
  readonly findings: Findings
  readonly events: number
  /** Records that were published again. */
  readonly repeatedRecords: number
  readonly repeatedMails: number
  readonly deadLetters: number
}

/** Reads Postgres and every topic from the start, and says all that is wrong. */
export async function check(
  system: System,
  record: LoadRecord,
  { deadLetters = 0, foreign, repeatedMails = 0 }: Expectations,
): Promise<Verdict> {
  const log = await readWholeLog(system.pool)
  const topic = checkTopic(log, await system.readTopic(topics.reviews.name), foreign)
  const notices = await checkNotices(system.pool, log, system.inbox.taken)
  const letters = distinctLetters(await system.readTopic(topics.deadLetters.name))
  const lag = await system.lag()
  return {
    findings: [
      ...checkDense(log),
      ...checkAcknowledged(log, record),
      ...(await checkStateEqualsLog(system.pool, log)),
      ...topic.findings,
      ...(await checkStatistics(system.pool, system.apiUrl)),
      ...(await checkLists(system.pool, system.apiUrl)),
      ...notices.findings,
      ...expected('dead letters', letters, deadLetters),
      ...expected('records of lag', Number(lag), 0),
      ...(notices.repeats > repeatedMails
        ? [`${notices.repeats} mails arrived again, at most ${repeatedMails} may`]
        : []),
    ],
    events: reviewEvents(log),
    repeatedRecords: topic.repeats,
    repeatedMails: notices.repeats,
    deadLetters: letters,
  }
}

function reviewEvents(log: readonly LogEvent[]): number {
  return log.filter(({ aggregate_type }) => aggregate_type === 'Review').length
}

function expected(what: string, found: number, wanted: number): Findings {
  return found === wanted ? [] : [`${found} ${what} where ${wanted} were expected`]
}

/** A worker that dies between its dead letter and its commit stores the letter again: it is the same one. */
function distinctLetters(records: readonly IncomingRecord[]): number {
  const { consumerGroup, originalTopic, originalPartition, originalOffset } = deadLetterHeaders
  const names = [consumerGroup, originalTopic, originalPartition, originalOffset]
  return new Set(records.map(({ headers }) => names.map((name) => headerText(headers, name)).join())).size
}
