interface Flight<T> {
  readonly landed: Promise<T>
  next?: Promise<T>
}

/**
 * Shares work among those who ask for the same thing at once. Nobody is given the result of work that began before
 * they asked: whoever comes while it is under way shares the next one. So a reader never gets data from before
 * something that it already knew of, and at most one piece of work is under way for each key.
 */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>()

  join(key: string, work: () => Promise<T>): Promise<T> {
    const flight = this.#flights.get(key)
    if (!flight) return this.#begin(key, work)
    flight.next ??= flight.landed.then(
      () => this.#begin(key, work),
      () => this.#begin(key, work),
    )
    return flight.next
  }

  #begin(key: string, work: () => Promise<T>): Promise<T> {
    const flight: Flight<T> = { landed: work() }
    this.#flights.set(key, flight)
    const clear = () => {
      if (!flight.next) this.#flights.delete(key)
    }
    flight.landed.then(clear, clear)
    return flight.landed
  }
}
