import type { LogStanding } from '../../platform/log/standing.ts'
import type { WaitingRetries } from '../../platform/messaging/waiting-retries.ts'
import type { OpenLetters } from '../dead-letters/letters.ts'
import type { ServiceSight } from './service-health.ts'

export interface GroupFacts {
  readonly group: string
  readonly state: string
  readonly members: number
  readonly topics: readonly string[]
  readonly lag: number
  /** Age of the oldest record that is not dealt with. */
  readonly lagSeconds: number
  /** Where that record is, as `topic-partition, offset n`; null without lag. */
  readonly oldestAt: string | null
  /** The sum of all committed offsets: it grows as the group works. */
  readonly committed: number
}

export interface KafkaFacts {
  readonly brokers: readonly { readonly id: number; readonly address: string }[]
  /** Every broker that keeps a replica, up or not. */
  readonly replicaHolders: readonly number[]
  readonly leads: ReadonlyMap<number, number>
  /** The sum of all end offsets, by topic. */
  readonly ends: ReadonlyMap<string, number>
  readonly offline: readonly string[]
  readonly underReplicated: readonly string[]
  readonly belowMinIsr: readonly string[]
  readonly missingTopics: readonly string[]
  readonly groups: readonly GroupFacts[]
}

export interface LetterFacts {
  readonly open: number
  readonly byCause: readonly OpenLetters[]
}

/** What was seen at one time. What could not be asked is null: that is a fact too. */
export interface Facts {
  readonly at: number
  readonly services: readonly ServiceSight[]
  readonly log: LogStanding | null
  readonly kafka: KafkaFacts | null
  readonly letters: LetterFacts | null
  readonly retries: readonly WaitingRetries[] | null
}
