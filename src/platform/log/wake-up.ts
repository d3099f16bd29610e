import pg from 'pg'
import { type Logger, moduleLog } from '../telemetry/logger.ts'

const retryMs = 1_000

/**
 * Calls `wake` whenever something was appended to the log. A notification is only ever a hint: while the connection
 * is lost none arrives, so whoever waits for them polls as well.
 */
export class WakeUp {
  readonly #url: string
  readonly #log: Logger
  readonly #wake: () => void
  #client: pg.Client | null = null
  #retry: NodeJS.Timeout | null = null
  #stopped = false

  constructor(options: { url: string; log: Logger; wake: () => void }) {
    this.#url = options.url
    this.#log = moduleLog(options.log, 'relay')
    this.#wake = options.wake
  }

  async start(): Promise<void> {
    if (this.#stopped) return
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'thereview relay listen',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 5_000,
    })
    this.#client = client
    const lost = (error?: Error) => {
      if (this.#client !== client || this.#stopped) return
      this.#client = null
      this.#log.warn({ err: error }, 'no notifications from postgres; connecting again')
      client
        .end()
        .catch((reason: unknown) => this.#log.debug({ err: reason }, 'the lost connection did not end well'))
      this.#retry = setTimeout(() => void this.start(), retryMs)
    }
    client.on('notification', this.#wake)
    client.on('error', lost)
    client.on('end', () => lost())
    try {
      await client.connect()
      await client.query('listen events')
      this.#wake()
    } catch (error) {
      lost(error instanceof Error ? error : undefined)
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#retry) clearTimeout(this.#retry)
    await this.#client?.end()
  }
}
