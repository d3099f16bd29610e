import { metadataV12, ResponseError } from '@platformatic/kafka'
import type { Bootstrap } from './bootstrap.ts'

export interface Node {
  readonly id: number
  readonly host: string
  readonly port: number
}

export type Metadata = metadataV12.MetadataResponse

interface KnownTopic {
  readonly id: string
  /** By partition; null where nobody leads. */
  readonly leaders: readonly (Node | null)[]
}

/**
 * What the cluster says of itself and of these topics; null for all. Errors of a topic or a partition stay in their
 * place in the answer: the client's own look-up fails as a whole when one partition has no leader.
 */
export function readMetadata(bootstrap: Bootstrap, topics: readonly string[] | null): Promise<Metadata> {
  return bootstrap.ask(async (connection) => {
    try {
      return await metadataV12.api.async(connection, topics ? [...topics] : null, false, false)
    } catch (error) {
      if (error instanceof ResponseError && isMetadata(error.response)) return error.response
      throw error
    }
  })
}

const oldAfterMs = 60_000

/** Who leads what, as far as we know. */
export class ClusterMap {
  readonly #bootstrap: Bootstrap
  readonly #topics = new Map<string, KnownTopic | null>()
  #refreshing: Promise<void> | null = null
  #refreshedAt = 0

  constructor(bootstrap: Bootstrap, topics: readonly string[] = []) {
    this.#bootstrap = bootstrap
    for (const topic of topics) this.#topics.set(topic, null)
  }

  /** From now on this topic is looked up too. */
  include(topic: string): void {
    if (!this.#topics.has(topic)) this.#topics.set(topic, null)
  }

  nameOf(topicId: string): string | undefined {
    for (const [name, topic] of this.#topics) if (topic?.id === topicId) return name
    return undefined
  }

  idOf(topic: string): string | undefined {
    return this.#topics.get(topic)?.id
  }

  partitionsOf(topic: string): number | undefined {
    return this.#topics.get(topic)?.leaders.length
  }

  leaderOf(topic: string, partition: number): Node | undefined {
    return this.#topics.get(topic)?.leaders[partition] ?? undefined
  }

  /** Looks everything up in the background when that was long ago: topics grow, leaders move. */
  refreshIfOld(): void {
    if (performance.now() - this.#refreshedAt > oldAfterMs) void this.refresh()
  }

  /** Looks everything up, once at a time. Never rejects: what could not be asked stays as it was. */
  refresh(): Promise<void> {
    this.#refreshedAt = performance.now()
    this.#refreshing ??= this.#lookUp()
      .catch(() => undefined)
      .finally(() => {
        this.#refreshing = null
      })
    return this.#refreshing
  }

  async #lookUp(): Promise<void> {
    const { brokers, topics } = await readMetadata(this.#bootstrap, [...this.#topics.keys()])
    this.#bootstrap.learn(brokers.map(({ host, port }) => `${host}:${port}`))
    const nodes = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { id: nodeId, host, port }]))
    for (const { name, topicId, partitions } of topics) {
      if (!name || partitions.length === 0) continue
      const inOrder = partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex)
      this.#topics.set(name, {
        id: topicId,
        leaders: inOrder.map(({ leaderId }) => nodes.get(leaderId) ?? null),
      })
    }
  }
}

function isMetadata(response: unknown): response is Metadata {
  return typeof response === 'object' && response !== null && 'topics' in response && 'brokers' in response
}
