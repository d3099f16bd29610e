import type { Admin } from '@platformatic/kafka'
import { partitionId } from './assigned-partition.ts'
import { readMetadata } from './metadata.ts'

export interface Node {
  readonly id: number
  readonly host: string
  readonly port: number
}

/** Who leads what, as far as we know. */
export class ClusterMap {
  readonly #client: Admin
  readonly #topics: readonly string[]
  readonly #names = new Map<string, string>()
  readonly #leaders = new Map<string, Node>()
  #addresses: readonly string[]
  #refreshing: Promise<void> | null = null

  constructor(client: Admin, brokers: readonly string[], topics: readonly string[]) {
    this.#client = client
    this.#addresses = brokers
    this.#topics = topics
  }

  nameOf(topicId: string): string | undefined {
    return this.#names.get(topicId)
  }

  leaderOf(topicId: string, partition: number): Node | undefined {
    return this.#leaders.get(partitionId(topicId, partition))
  }

  /** Looks everything up, once at a time. Never rejects: what could not be asked stays as it was. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#lookUp()
      .catch(() => undefined)
      .finally(() => {
        this.#refreshing = null
      })
    return this.#refreshing
  }

  async #lookUp(): Promise<void> {
    const { brokers, topics } = await readMetadata(this.#client, this.#addresses, this.#topics)
    const nodes = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { id: nodeId, host, port }]))
    // Another broker first the next time: this one may be the one whose knowledge is old.
    this.#addresses = rotated(withNew(this.#addresses, [...nodes.values()]))
    for (const { name, topicId, partitions } of topics) {
      if (name && partitions.length > 0) this.#names.set(topicId, name)
      for (const { partitionIndex, leaderId } of partitions) {
        const leader = nodes.get(leaderId)
        if (leader) this.#leaders.set(partitionId(topicId, partitionIndex), leader)
        else this.#leaders.delete(partitionId(topicId, partitionIndex))
      }
    }
  }
}

function withNew(addresses: readonly string[], nodes: readonly Node[]): readonly string[] {
  return [...new Set([...addresses, ...nodes.map(({ host, port }) => `${host}:${port}`)])]
}

function rotated([first, ...others]: readonly string[]): readonly string[] {
  return first === undefined ? [] : [...others, first]
}
