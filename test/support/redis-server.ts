import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { downloadsFolder } from '../../src/launcher/catalogue.ts'
import { Downloads } from '../../src/launcher/downloads.ts'
import { redisPart } from '../../src/launcher/parts/redis.ts'
import { freePort } from '../../src/launcher/ports.ts'
import { until } from './until.ts'

/** A Redis of a test's own, which it may kill, freeze and start again on the same port. */
export async function privateRedis() {
  const downloads = await Downloads.in(downloadsFolder, process.env)
  const port = { number: await freePort(), variable: 'REDIS_PORT', base: 0 }
  const part = redisPart({ port, password: 'secret', downloads })
  await part.prepare?.(() => undefined, new AbortController().signal)

  const launch = () => {
    const { file, args, input } = part.command()
    const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'ignore'] })
    child.stdin.end(input)
    return child
  }
  const ready = () => until('redis answers', () => part.isReady())
  let server = launch()
  await ready()

  return {
    url: `redis://:secret@127.0.0.1:${port.number}/0`,
    signal: (signal: 'SIGSTOP' | 'SIGCONT') => server.kill(signal),
    async kill() {
      if (server.exitCode !== null || server.signalCode !== null) return
      server.kill('SIGKILL')
      await once(server, 'exit')
    },
    async start() {
      server = launch()
      await ready()
    },
  }
}
