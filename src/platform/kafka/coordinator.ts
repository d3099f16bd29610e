import type { Admin, Connection } from '@platformatic/kafka'

const groupCoordinator = 0

/** The broker that keeps a group's members and offsets. Another takes over when it dies, and has to be found. */
export class Coordinator {
  readonly #client: Admin
  readonly #group: string
  #address: { readonly host: string; readonly port: number } | null = null

  constructor(client: Admin, group: string) {
    this.#client = client
    this.#group = group
  }

  /** Asks once. After any error the coordinator is looked up again for the next question. */
  async ask<T>(question: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      this.#address ??= await this.#find()
      return await question(await this.#client.connections.get(this.#address))
    } catch (error) {
      this.#address = null
      throw error
    }
  }

  async #find(): Promise<{ host: string; port: number }> {
    const [found] = await this.#client.findCoordinator({ keyType: groupCoordinator, keys: [this.#group] })
    if (!found) throw new Error(`no broker coordinates the group ${this.#group}`)
    return { host: found.host, port: found.port }
  }
}
