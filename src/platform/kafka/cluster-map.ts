import type { Admin } from '@platformatic/kafka'
import { partitionId } from './assigned-partition.ts'

export interface Node {
  readonly id: number
  readonly host: string
  readonly port: number
}

/** Who leads what, as far as we know. A topic that cannot be looked up keeps what was known of it. */
export class ClusterMap {
  readonly #client: Admin
  readonly #topics: readonly string[]
  readonly #names = new Map<string, string>()
  readonly #leaders = new Map<string, Node>()
  #refreshing: Promise<void> | null = null

  constructor(client: Admin, topics: readonly string[]) {
    this.#client = client
    this.#topics = topics
  }

  nameOf(topicId: string): string | undefined {
    return this.#names.get(topicId)
  }

  leaderOf(topicId: string, partition: number): Node | undefined {
    return this.#leaders.get(partitionId(topicId, partition))
  }

  /** Topic by topic, since one without a leader would hide the others. Never rejects; one look-up at a time. */
  refresh(): Promise<void> {
    this.#refreshing ??= Promise.allSettled(this.#topics.map((topic) => this.#lookUp(topic))).then(() => {
      this.#refreshing = null
    })
    return this.#refreshing
  }

  async #lookUp(name: string): Promise<void> {
    const { brokers, topics } = await this.#client.metadata({ topics: [name], forceUpdate: true })
    const topic = topics.get(name)
    if (!topic) return
    this.#names.set(topic.id, name)
    for (const [partition, { leader }] of topic.partitions.entries()) {
      const broker = brokers.get(leader)
      const id = partitionId(topic.id, partition)
      if (broker) this.#leaders.set(id, { id: leader, host: broker.host, port: broker.port })
      else this.#leaders.delete(id)
    }
  }
}
