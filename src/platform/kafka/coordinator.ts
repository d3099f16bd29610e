import { type Connection, type ConnectionPool, findCoordinatorV6 } from '@platformatic/kafka'
import { within } from '../within.ts'
import type { Bootstrap } from './bootstrap.ts'

const ofGroups = 0
const askMs = 5_000

/** The broker that keeps a group's members and offsets. Another takes over when it dies, and has to be found. */
export class Coordinator {
  readonly #connections: ConnectionPool
  readonly #bootstrap: Bootstrap
  readonly #group: string
  #address: { readonly host: string; readonly port: number } | null = null

  constructor(connections: ConnectionPool, bootstrap: Bootstrap, group: string) {
    this.#connections = connections
    this.#bootstrap = bootstrap
    this.#group = group
  }

  /** Asks once. After any error the coordinator is looked up again for the next question. */
  async ask<T>(question: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      this.#address ??= await this.#find()
      const connection = await within(askMs, this.#connections.get(this.#address))
      return await within(askMs, question(connection))
    } catch (error) {
      this.#address = null
      throw error
    }
  }

  async #find(): Promise<{ host: string; port: number }> {
    const { coordinators } = await this.#bootstrap.ask((connection) =>
      findCoordinatorV6.api.async(connection, ofGroups, [this.#group]),
    )
    const [found] = coordinators
    if (!found) throw new Error(`no broker coordinates the group ${this.#group}`)
    return { host: found.host, port: found.port }
  }
}
