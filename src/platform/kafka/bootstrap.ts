import { type Connection, type ConnectionPool, parseBroker } from '@platformatic/kafka'
import { asError } from '../errors.ts'
import { within } from '../within.ts'

const askMs = 3_000

/** Asks what any broker can answer, one after the other until one does. */
export class Bootstrap {
  readonly #connections: ConnectionPool
  #addresses: readonly string[]

  constructor(connections: ConnectionPool, addresses: readonly string[]) {
    this.#connections = connections
    this.#addresses = addresses
  }

  /** Brokers that the cluster named, for when those of the configuration are gone. */
  learn(addresses: readonly string[]): void {
    this.#addresses = [...new Set([...this.#addresses, ...addresses])]
  }

  async ask<T>(question: (connection: Connection) => Promise<T>): Promise<T> {
    const failures: Error[] = []
    for (const address of this.#addresses) {
      try {
        const connection = await within(askMs, this.#connections.get(parseBroker(address)))
        return await within(askMs, question(connection))
      } catch (error) {
        failures.push(asError(error))
        this.#askLast(address)
      }
    }
    throw new AggregateError(failures, 'none of the brokers answers')
  }

  #askLast(address: string): void {
    this.#addresses = [...this.#addresses.filter((other) => other !== address), address]
  }
}
