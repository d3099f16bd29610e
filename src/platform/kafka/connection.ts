import { ConnectionPool } from '@platformatic/kafka'

export interface KafkaAddress {
  readonly brokers: readonly string[]
  readonly clientId: string
}

/** A broker that is frozen takes connections and answers nothing: none of this may wait for long. */
const timeouts = { connectTimeout: 2_000, requestTimeout: 10_000 } as const

/** One connection to each broker that is asked for, made when it is first needed and again after it broke. */
export function connectTo({ clientId }: KafkaAddress): ConnectionPool {
  return new ConnectionPool(clientId, timeouts)
}
