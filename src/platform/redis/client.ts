import { Redis } from 'ioredis'
import { unavailable } from '../errors.ts'

export type RedisClient = Redis

export interface RedisOptions {
  /** With the number of the database as path. */
  readonly url: string
  /** Shown in `client list`. */
  readonly name: string
  /**
   * How long one command may take once it is sent; before that it may wait for those that were sent together before
   * it, so twice this is the most. A reader that can do without Redis waits little, a worker more.
   */
  readonly commandTimeoutMs: number
  /** Told of each connection that is lost or cannot be made; the client goes on trying by itself. */
  readonly onError?: (error: Error) => void
}

/**
 * A connection that is there or is not: a command that cannot be sent now, or whose connection breaks, fails at
 * once. Nothing is queued for a later connection and nothing is sent twice, so a command never takes effect after its caller gave up on
 * the connection.
 */
export function createRedis({ url, name, commandTimeoutMs, onError }: RedisOptions): RedisClient {
  const redis = new Redis(url, {
    connectionName: name,
    commandTimeout: commandTimeoutMs,
    connectTimeout: 2_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // Commands of one turn of the event loop go out in one write.
    enableAutoPipelining: true,
    retryStrategy: (times) => Math.min(50 * times, 1_000),
    // After a failover the connection may be to the one that is a replica now: the address leads to the other. The
    // command itself fails, as it does when a connection breaks.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
    // Notices a peer that vanished without closing the connection.
    socketTimeout: 10_000,
  })
  redis.on('error', (error: Error) => onError?.(error))
  return redis
}

/** Runs commands; whatever goes wrong comes out as a retryable error, since no event is to blame for Redis. */
export async function withRedis<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw unavailable('redis', error)
  }
}
