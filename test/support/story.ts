import assert from 'node:assert/strict'

// What a server makes anew each time, and an example can only stand for: ids, and what is base64.
const made = [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, /^[A-Za-z0-9_-]{40,}$/]

/**
 * Remembers what stands for what while examples of the document are played against a real API: an example's ids are
 * learned from the answer that has them first, and put into everything after it.
 */
export class Story {
  readonly #learned = new Map<string, string>()

  /** An example as it is now. */
  told<T>(example: T): T {
    let text = JSON.stringify(example) ?? 'null'
    for (const [standIn, actual] of this.#learned) text = text.replaceAll(standIn, actual)
    return JSON.parse(text)
  }

  compare(example: unknown, actual: unknown): void {
    this.#learn(example, actual)
    assert.deepEqual(actual, this.told(example))
  }

  #learn(example: unknown, actual: unknown): void {
    if (typeof example === 'string' && typeof actual === 'string') {
      const isMade = made.some((form) => form.test(example) && form.test(actual))
      if (isMade && !this.#learned.has(example)) this.#learned.set(example, actual)
    } else if (isObject(example) && isObject(actual)) {
      for (const [key, value] of Object.entries(example)) this.#learn(value, actual[key])
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
