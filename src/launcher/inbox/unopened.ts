import type { Letter } from './letter.ts'

/** Letters that nobody has looked into, the oldest first: of more than so many, or so many bytes, the oldest go. */
export class Unopened {
  readonly #most: { readonly letters: number; readonly bytes: number }
  readonly #letters: Letter[] = []
  #bytes = 0

  constructor(most: { letters: number; bytes: number }) {
    this.#most = most
  }

  get size(): number {
    return this.#letters.length
  }

  /** Returns what had to go for it. */
  add(letter: Letter): Letter[] {
    this.#letters.push(letter)
    this.#bytes += letter.raw.length
    const gone: Letter[] = []
    while (this.size > this.#most.letters || (this.#bytes > this.#most.bytes && this.size > 1)) {
      const oldest = this.take()
      if (oldest) gone.push(oldest)
    }
    return gone
  }

  take(): Letter | undefined {
    const oldest = this.#letters.shift()
    this.#bytes -= oldest?.raw.length ?? 0
    return oldest
  }

  takeAll(): Letter[] {
    this.#bytes = 0
    return this.#letters.splice(0)
  }

  putBack(letter: Letter): void {
    this.#letters.unshift(letter)
    this.#bytes += letter.raw.length
  }
}
