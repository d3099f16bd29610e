import type { BaseOptions } from '@platformatic/kafka'

export interface KafkaAddress {
  readonly brokers: readonly string[]
  readonly clientId: string
}

/**
 * What every client of ours has in common. A broker that is frozen takes connections and answers nothing, hence
 * the short timeouts; retries go round the brokers, so there are a few also where we retry ourselves.
 */
export function clientOptions({ brokers, clientId }: KafkaAddress) {
  return {
    clientId,
    bootstrapBrokers: [...brokers],
    autocreateTopics: false,
    connectTimeout: 2_000,
    requestTimeout: 10_000,
    metadataMaxAge: 5_000,
    retries: 3,
    retryDelay: 100,
  } satisfies BaseOptions
}
