import { fileURLToPath } from 'node:url'
import type { Part, Port } from '../part.ts'
import { answersHttp } from '../probes.ts'

/** MailDev: takes every mail, delivers none, and shows them on a web page. */
export function mailPart(options: { port: Port; smtp: Port; dataFolder: string }): Part {
  const { port, smtp, dataFolder } = options
  return {
    name: 'mail',
    ports: [port, smtp],
    url: `http://127.0.0.1:${port.number}`,
    command: () => ({
      file: process.execPath,
      args: [
        maildev(),
        ...['--ip', '127.0.0.1', '--smtp', `${smtp.number}`],
        ...['--web-ip', '127.0.0.1', '--web', `${port.number}`],
        ...['--mail-directory', dataFolder, '--max-emails', '2000'],
      ],
    }),
    isReady: () => answersHttp(`http://127.0.0.1:${port.number}/api/healthz`),
    stop: { signal: 'SIGTERM', deadlineMs: 3_000 },
  }
}

function maildev(): string {
  return fileURLToPath(new URL('bin/maildev.js', import.meta.resolve('maildev')))
}
