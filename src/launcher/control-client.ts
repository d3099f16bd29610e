import { existsSync } from 'node:fs'
import { request } from 'node:http'
import type { Home } from './home.ts'
import type { PartName } from './part.ts'
import type { StackReport } from './report.ts'
import { StackError } from './stack-error.ts'

/** A stack that another process runs, reached through its home. */
export class StackClient {
  #socket: string

  constructor(home: Home) {
    this.#socket = home.socket
  }

  /** Undefined if nobody runs a stack in this home. */
  async report(): Promise<StackReport | undefined> {
    return (await this.#ask('GET', '/status')) as StackReport | undefined
  }

  async addresses(): Promise<Record<string, string> | undefined> {
    return (await this.#ask('GET', '/addresses')) as Record<string, string> | undefined
  }

  /** Resolves when the part is ready, or with what it waits for. */
  async steer(
    name: PartName,
    action: 'start' | 'stop' | 'restart',
  ): Promise<{ waitsFor?: string } | undefined> {
    return (await this.#ask('POST', `/parts/${name}/${action}`)) as { waitsFor?: string } | undefined
  }

  /** Resolves when everything has been stopped: false if nothing was running. */
  async down(): Promise<boolean> {
    return (await this.#ask('POST', '/down')) !== undefined
  }

  #ask(method: string, path: string): Promise<unknown> {
    if (!existsSync(this.#socket)) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      const call = request({ socketPath: this.#socket, method, path, agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => {
          const body = JSON.parse(text)
          if (response.statusCode === 200) resolve(body)
          else reject(new StackError(body.error))
        })
        response.on('error', reject)
      })
      call.on('error', (error) => (isNobody(error) ? resolve(undefined) : reject(error)))
      call.end()
    })
  }
}

/** A socket file without a listener is what a killed supervisor leaves. */
function isNobody(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT')
}
