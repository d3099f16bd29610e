const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What one topic is meant to be. Retention in milliseconds, -1 for ever. */
export interface Topic {
  readonly name: string
  readonly partitions: number
  readonly retentionMs: number
  readonly maxMessageBytes?: number
  readonly key: string
}

const MiB = 1024 * 1024

/** Every topic of TheReview, declared here and nowhere else; `topics apply` brings a cluster to this. */
export const topics = {
  reviews: { name: 'reviews.events', partitions: 3, retentionMs: 30 * DAY, key: 'review id' },
  users: { name: 'users.events', partitions: 3, retentionMs: 7 * DAY, key: 'user id' },
  notifications: { name: 'notifications.commands', partitions: 6, retentionMs: DAY, key: 'user id' },
  analytics: {
    name: 'analytics.events',
    partitions: 3,
    retentionMs: 90 * DAY,
    key: 'entity_type:entity_id',
  },
  // A dead letter or a retry carries the original record and some headers more, so it must have room for both.
  deadLetters: {
    name: 'deadletter.queue',
    partitions: 1,
    retentionMs: -1,
    maxMessageBytes: 2 * MiB,
    key: 'as it came',
  },
  retries: {
    name: 'retry.queue',
    partitions: 3,
    retentionMs: 6 * HOUR,
    maxMessageBytes: 2 * MiB,
    key: 'as it came',
  },
} as const satisfies Record<string, Topic>

export type TopicName = (typeof topics)[keyof typeof topics]['name']

export const allTopics: readonly Topic[] = Object.values(topics)

/** Nothing acknowledged is lost while one in-sync replica lives: two of three must have it before an ack. */
export const replication = { factor: 3, minInsyncReplicas: 2 } as const
