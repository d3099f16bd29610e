import { join } from 'node:path'
import type { Part, Port } from '../part.ts'
import { answersHttp } from '../probes.ts'

const inboxProcess = join(import.meta.dirname, '..', 'inbox', 'inbox-process.ts')

/** Takes every mail, delivers none, and shows them on MailDev's page. */
export function mailPart(options: { port: Port; smtp: Port; dataFolder: string }): Part {
  const { port, smtp, dataFolder } = options
  return {
    name: 'mail',
    ports: [port, smtp],
    url: `http://127.0.0.1:${port.number}`,
    command: () => ({
      file: process.execPath,
      args: ['--max-semi-space-size=8', inboxProcess, `${port.number}`, `${smtp.number}`, dataFolder],
    }),
    isReady: () => answersHttp(`http://127.0.0.1:${port.number}/api/healthz`),
    stop: { signal: 'SIGTERM', deadlineMs: 3_000 },
  }
}
