import type { DriveResult } from '../driver/plan.ts'
import { postReviews } from '../load/reviews.ts'
import type { Sizes } from '../sizes.ts'
import type { Target } from '../stack/target.ts'
import { driveEcho } from './echo.ts'
import { type KafkaRates, measureKafka } from './kafka.ts'
import { measureStatements } from './postgres.ts'

/** What this machine can do at most with the same parts, each alone while TheReview is idle. */
export interface Limits {
  /** A bare Fastify that answers with the body that came, over 64 connections. */
  echo(): Promise<DriveResult>
  /** Rows like a review's, one a statement and transaction, over 32 connections: how many a second. */
  inserts(): Promise<number>
  /** Transactions a second that write next to nothing. */
  commits(connections: number): Promise<number>
  kafka(): Promise<KafkaRates>
  /** What the product itself takes at most: `POST` over 64 connections, all workers consuming. */
  posts(): Promise<DriveResult>
}

export function limitsOf(target: () => Target, sizes: Sizes): Limits {
  const quiet = async () => {
    await target().untilQuiet()
    return target()
  }
  return {
    echo: measuredOnce(() => driveEcho(sizes.shortMs)),
    inserts: measuredOnce(async () => measureStatements(await quiet(), 'insert', 32, sizes.shortMs)),
    commits: async (connections) => measureStatements(await quiet(), 'commit', connections, sizes.shortMs),
    kafka: async () => measureKafka(await quiet(), sizes.shortMs),
    posts: measuredOnce(async () => {
      const { warmUpMs, measuredMs } = sizes
      return postReviews(await quiet(), { pace: { kind: 'closed', warmUpMs, measuredMs } })
    }),
  }
}

/** Measured when first asked for; whoever asks again gets the same. */
function measuredOnce<T>(measure: () => Promise<T>): () => Promise<T> {
  let measured: Promise<T> | undefined
  return () => {
    measured ??= measure()
    return measured
  }
}
