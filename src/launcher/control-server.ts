import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { isPartName, type PartName } from './part.ts'

export type StackControl = {
  report: () => unknown
  addresses: () => Record<string, string>
  stopPart: (name: PartName) => Promise<void>
  /** Resolves with what it still waits for, if that is why it is not ready yet. */
  startPart: (name: PartName) => Promise<string | undefined>
  restartPart: (name: PartName) => Promise<string | undefined>
  /** Resolves when all parts are stopped. */
  down: () => Promise<void>
}

/** JSON over HTTP on a Unix socket that only its owner may open: how the other commands reach the supervisor. */
export async function serveControl(socket: string, control: StackControl): Promise<Server> {
  rmSync(socket, { force: true })
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body ?? {}))
    }
    try {
      const result = await handle(control, request.method ?? '', request.url ?? '')
      answer(result === notFound ? 404 : 200, result)
    } catch (error) {
      answer(500, { error: error instanceof Error ? error.message : String(error) })
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // Between listen and chmod the mask decides, so it is closed first.
    const mask = process.umask(0o177)
    server.listen(socket, resolve)
    process.umask(mask)
  })
  chmodSync(socket, 0o600)
  return server
}

const notFound = { error: 'not found' }

async function handle(control: StackControl, method: string, path: string): Promise<unknown> {
  if (method === 'GET' && path === '/status') return control.report()
  if (method === 'GET' && path === '/addresses') return control.addresses()
  if (method === 'POST' && path === '/down') return control.down()
  const [, name = '', action] = /^\/parts\/([^/]+)\/(start|stop|restart)$/.exec(path) ?? []
  if (method !== 'POST' || !isPartName(name)) return notFound
  if (action === 'stop') return control.stopPart(name)
  const waitsFor = action === 'start' ? await control.startPart(name) : await control.restartPart(name)
  return { waitsFor }
}
