import type { FastifyReply, FastifyRequest } from 'fastify'

export interface EventStream {
  /** Returns whether there is room for more; the promise of `drained` tells when there is again. */
  send(event: string, data: unknown): boolean
  drained(): Promise<void>
  /** Aborted when the reader has gone, or the server stops. */
  readonly signal: AbortSignal
  end(): void
}

const pingMs = 15_000
/** A reader that does not read its end is not waited for. */
const graceMs = 5_000
/** Twenty-five days; beyond it a timer runs out at once. */
const longestTimerMs = 2 ** 31 - 1

/** Streams to those who look on, and their end when the service stops or what they proved expires. Source: HTML, server-sent events. */
export class EventStreams {
  readonly #open = new Set<EventStream>()

  open(request: FastifyRequest, reply: FastifyReply): EventStream {
    reply.hijack()
    const { raw } = reply
    const left = new AbortController()
    raw.writeHead(200, {
      ...stringHeaders(reply),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    raw.write(':\n\n')
    const ping = setInterval(() => raw.write(':\n\n'), pingMs)
    let grace: NodeJS.Timeout | undefined
    const end = () => {
      clearInterval(ping)
      raw.end()
      grace ??= setTimeout(() => raw.destroy(), graceMs)
    }
    const expiry = endAtExpiry(request, end)
    const stream: EventStream = {
      signal: left.signal,
      send: (event, data) =>
        !raw.writableEnded &&
        !raw.destroyed &&
        raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
      drained: () =>
        new Promise((resolve) => {
          raw.once('drain', resolve)
          raw.once('close', resolve)
        }),
      end,
    }
    this.#open.add(stream)
    request.raw.socket.on('close', () => raw.destroy())
    raw.once('close', () => {
      clearInterval(ping)
      clearTimeout(expiry)
      clearTimeout(grace)
      this.#open.delete(stream)
      left.abort()
    })
    return stream
  }

  /** Ends them all, so that the server can close. */
  async stop(): Promise<void> {
    for (const stream of this.#open) stream.end()
  }
}

/** A stream shows no more than a request at the same moment would. */
function endAtExpiry({ caller }: FastifyRequest, end: () => void): NodeJS.Timeout | undefined {
  if (caller?.kind !== 'user') return undefined
  return setTimeout(end, Math.min(caller.expiresAt - Date.now(), longestTimerMs))
}

/** What hooks have set before: the ids of the request, and what keeps the page safe. */
function stringHeaders(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  )
}
