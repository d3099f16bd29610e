import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Answer } from './documented.ts'

/** Sends bytes to a port of loopback and gives what came back until the server closed the connection. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<Answer> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  const received = await text(socket)
  const [head = '', ...rest] = received.split('\r\n\r\n')
  const [line = '', ...fields] = head.split('\r\n')
  const headers = fields.map((field) => {
    const [name = '', ...value] = field.split(': ')
    return [name.toLowerCase(), value.join(': ')]
  })
  return {
    statusCode: Number(line.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: rest.join('\r\n\r\n'),
  }
}
