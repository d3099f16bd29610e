import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import {
  type Email,
  type Envelope,
  FileStorage,
  type ListOptions,
  mapLimit,
  type StorageQuery,
} from '@maildev/core'
import type { Say } from '../part.ts'
import { type Letter, openLetter } from './letter.ts'
import { Unopened } from './unopened.ts'

/** So many are opened in so long although nobody asks, so that an open page shows them; it takes 6 % of a core at most. */
const few = 10
const lookMs = 200
const filesAtOnce = 16

/**
 * MailDev's store of mails, which opens letters when somebody looks, and a few at a time until then. To take a letter
 * costs a tenth of what it costs to look into it, and of a burst all but the last letters are thrown away unseen. What a
 * process that is killed has not opened yet is lost; one that is asked to stop keeps everything.
 */
export class Mailbox extends FileStorage {
  readonly #say: Say
  readonly #unopened: Unopened
  #sequence = 0
  #opened: Promise<void> = Promise.resolve()
  #look: NodeJS.Timeout | null = null
  #isClosing = false

  /** @param options.most how many mails are kept, and how many bytes of them unopened: of more, the oldest go */
  constructor({ folder, most, say }: { folder: string; most: { letters: number; bytes: number }; say: Say }) {
    super({ mailDirectory: folder, maxEmails: most.letters })
    this.#unopened = new Unopened(most)
    this.#say = say
  }

  receive(raw: Buffer, envelope: Envelope): string {
    const receivedAt = new Date()
    // As file names these sort in the order in which the letters came.
    const id = `${receivedAt.getTime()}-${String(this.#sequence++).padStart(9, '0')}`
    for (const gone of this.#unopened.add({ id, raw, envelope, receivedAt })) void this.#forget(gone)
    this.#look ??= this.#lookLater()
    return id
  }

  /** Takes up what an earlier run has kept. */
  override async initialize(): Promise<void> {
    await super.initialize()
    const names = await readdir(this.mailDirectory)
    const ids = names.flatMap((name) => /^(\d+-\d+)\.eml$/.exec(name)?.[1] ?? []).sort()
    for (const id of ids) {
      const raw = await readFile(this.getEmailPath(id))
      const receivedAt = new Date(Number.parseInt(id, 10))
      for (const gone of this.#unopened.add({ id, receivedAt, raw })) await this.#forget(gone)
    }
  }

  override async getAll(): Promise<Email[]> {
    await this.open()
    return super.getAll()
  }

  override async getById(id: string): Promise<Email | undefined> {
    await this.open()
    return super.getById(id)
  }

  override async list(options?: ListOptions) {
    await this.open()
    return super.list(options)
  }

  override async filter(query: StorageQuery): Promise<Email[]> {
    await this.open()
    return super.filter(query)
  }

  override async count(): Promise<number> {
    await this.open()
    return super.count()
  }

  override async stats() {
    await this.open()
    return super.stats()
  }

  override async markAllRead(): Promise<number> {
    await this.open()
    return super.markAllRead()
  }

  override async deleteAll(): Promise<number> {
    const unseen = this.#unopened.takeAll().length
    await this.#opened
    return unseen + (await super.deleteAll())
  }

  /** Writes down what has not been opened, for the next run, and keeps nobody who looks right now. */
  override async close(): Promise<void> {
    this.#isClosing = true
    await this.#opened
    await mapLimit(this.#unopened.takeAll(), filesAtOnce, async ({ id, raw }) => {
      try {
        await writeFile(this.getEmailPath(id), raw)
      } catch (error) {
        this.#say(`a mail is lost: ${error}`)
      }
    })
    await super.close()
  }

  /** Opens what has come so far, or the oldest of it, one caller after the other. */
  open(most = Number.POSITIVE_INFINITY): Promise<void> {
    const opened = this.#opened.then(() => this.#openThese(Math.min(most, this.#unopened.size)))
    this.#opened = opened.catch(() => undefined)
    return opened
  }

  /** A letter that could not be put into the folder is there again for the next who looks. */
  async #openThese(count: number): Promise<void> {
    for (let nth = 0; nth < count && !this.#isClosing; nth++) {
      const letter = this.#unopened.take()
      if (!letter) return
      try {
        await this.save(await openLetter(letter, this.mailDirectory))
      } catch (error) {
        this.#unopened.putBack(letter)
        throw error
      }
    }
  }

  #lookLater(): NodeJS.Timeout {
    return setTimeout(async () => {
      try {
        await this.open(few)
      } catch (error) {
        this.#say(`mails cannot be opened: ${error}`)
      }
      this.#look = this.#unopened.size > 0 ? this.#lookLater() : null
    }, lookMs).unref()
  }

  /** Of what an earlier run has kept there are files. */
  async #forget({ id, envelope }: Letter): Promise<void> {
    if (envelope) return
    try {
      await rm(this.getEmailPath(id), { force: true })
      await rm(this.getAttachmentDirectory(id), { recursive: true, force: true })
    } catch (error) {
      this.#say(`the files of a mail cannot be removed: ${error}`)
    }
  }
}
