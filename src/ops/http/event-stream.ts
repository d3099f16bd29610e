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

/** Streams to those who look on, and their end when the service stops. Source: HTML, server-sent events. */
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
    const stream: EventStream = {
      signal: left.signal,
      send: (event, data) =>
        !raw.destroyed && raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
      drained: () =>
        new Promise((resolve) => {
          raw.once('drain', resolve)
          raw.once('close', resolve)
        }),
      end: () => raw.end(),
    }
    this.#open.add(stream)
    request.raw.socket.on('close', () => raw.destroy())
    raw.once('close', () => {
      clearInterval(ping)
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

/** What hooks have set before: the ids of the request, and what keeps the page safe. */
function stringHeaders(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  )
}
