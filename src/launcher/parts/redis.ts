import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import type { Downloads } from '../downloads.ts'
import type { Part, Port } from '../part.ts'
import { ask } from '../probes.ts'

/** A cache: nothing is written to disk, and what is used least makes room. */
export function redisPart(options: { port: Port; password: string; downloads: Downloads }): Part {
  const { port, password, downloads } = options
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const file = join(downloads.folder('redis'), `redis-server-7.0.15-${platform}`)
  return {
    name: 'redis',
    ports: [port],
    url: `redis://127.0.0.1:${port.number}`,
    prepare: async (say, signal) => {
      await downloads.have('redis', say, signal)
      await chmod(file, 0o755)
    },
    // Settings come by standard input, since arguments, and so the password, are for everyone to read.
    command: () => ({
      file,
      args: ['-'],
      input: [
        'bind 127.0.0.1',
        `port ${port.number}`,
        `requirepass ${password}`,
        'databases 256',
        'maxmemory 256mb',
        'maxmemory-policy allkeys-lru',
        'save ""',
        'appendonly no',
      ].join('\n'),
    }),
    isReady: () => answersPing(port.number, password),
    stop: { signal: 'SIGTERM', deadlineMs: 3_000 },
  }
}

async function answersPing(port: number, password: string): Promise<boolean> {
  const request = Buffer.from(`AUTH ${password}\r\nPING\r\n`)
  const answer = await ask(port, request, (bytes) => bytes.toString().split('\r\n').length > 2)
  return answer.toString() === '+OK\r\n+PONG\r\n'
}
