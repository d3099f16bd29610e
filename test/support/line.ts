import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A line to a server that a test may have go dead, while the server goes on. */
export async function openLine(url: string) {
  const ours = new URL(url)
  const { hostname, port } = ours
  const connections = new Set<readonly [Socket, Socket]>()

  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    const pair = [near, far] as const
    connections.add(pair)
    const end = () => {
      connections.delete(pair)
      for (const socket of pair) socket.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    near.pipe(far)
    far.pipe(near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  ours.port = String(address.port)

  return {
    url: ours.href,
    /** As where a host vanished and another has its address: what is open says nothing more, new connections are served. */
    deaden() {
      for (const [near, far] of connections) {
        near.unpipe(far)
        far.unpipe(near)
        near.resume()
        far.resume()
      }
    },
    async close() {
      for (const [near] of connections) near.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
