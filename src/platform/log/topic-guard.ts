import { catalogue } from '../../contracts/catalogue.ts'
import { AppError } from '../errors.ts'
import type { Queryable } from '../postgres/pool.ts'
import type { RecordProducer } from './publisher.ts'
import { noteTopicIds, readTopicIds } from './relay-lease.ts'

/** The topics that the log is published to. */
export const published = [
  ...new Set(catalogue.filter(({ versioned }) => versioned).map(({ topic }) => topic.name)),
]

/**
 * A topic that was deleted and made again is empty, whatever was published to it before, and no consumer can tell.
 * So the relay remembers what each topic is known by, and stops rather than leave a hole.
 * @throws {AppError} `topic_replaced`, until an operator has the log published again
 */
export async function assertSameTopics(
  db: Queryable,
  producer: RecordProducer,
  epoch: number,
): Promise<void> {
  const [now, noted] = await Promise.all([producer.topicIds(published), readTopicIds(db)])
  for (const [topic, id] of noted) {
    if (!now.has(topic) || now.get(topic) === id) continue
    throw new AppError(
      'topic_replaced',
      'fatal',
      `${topic} was deleted and made again, and what was published to it is gone: ` +
        'have the log published again by `thereview outbox rewind --to 0 --yes`',
    )
  }
  if ([...now.keys()].some((topic) => !noted.has(topic))) await noteTopicIds(db, epoch, now)
}
