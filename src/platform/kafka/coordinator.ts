import { type Connection, type ConnectionPool, findCoordinatorV6 } from '@platformatic/kafka'
import { within } from '../within.ts'
import type { Bootstrap } from './bootstrap.ts'
import type { Node } from './cluster-map.ts'

const ofGroups = 0
const askMs = 5_000

/** The broker that keeps a group's members and offsets. Another takes over when it dies, and has to be found. */
export class Coordinator {
  readonly #connections: ConnectionPool
  readonly #bootstrap: Bootstrap
  readonly #group: string
  #node: Node | null = null

  constructor(connections: ConnectionPool, bootstrap: Bootstrap, group: string) {
    this.#connections = connections
    this.#bootstrap = bootstrap
    this.#group = group
  }

  /** Asks once. After any error the coordinator is looked up again for the next question. */
  async ask<T>(question: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      this.#node ??= await this.#find()
      const connection = await within(askMs, this.#connections.get(this.#node))
      return await within(askMs, question(connection))
    } catch (error) {
      this.#node = null
      throw error
    }
  }

  async brokerId(): Promise<number> {
    return (await this.#find()).id
  }

  async #find(): Promise<Node> {
    const { coordinators } = await this.#bootstrap.ask((connection) =>
      findCoordinatorV6.api.async(connection, ofGroups, [this.#group]),
    )
    const [found] = coordinators
    if (!found) throw new Error(`no broker coordinates the group ${this.#group}`)
    return { id: found.nodeId, host: found.host, port: found.port }
  }
}
