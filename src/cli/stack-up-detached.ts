import { fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { homeAt, makeHome } from '../launcher/home.ts'
import { rotate } from '../launcher/log-files.ts'
import { type Progress, type ProgressPart, showProgress } from './stack-progress.ts'
import { sayFailure } from './stack-up.ts'

/** What the supervisor in the background tells the command that waits for it. */
export type Message =
  | { type: 'notice'; text: string }
  | { type: 'parts'; parts: ProgressPart[] }
  | { type: 'ready'; card: string }
  | { type: 'failed'; message: string }

/**
 * Starts the supervisor as a process of its own, shows how the parts come up, and leaves when they are. If this
 * command is ended before that, however that may be, the supervisor stops what it has started.
 */
export async function upDetached(folder: string): Promise<number> {
  const home = homeAt(folder)
  await makeHome(home)
  rotate(home.log('supervisor'))
  const log = openSync(home.log('supervisor'), 'a', 0o600)
  const supervisor = fork(join(import.meta.dirname, 'stack-supervisor.ts'), [folder], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)

  let parts: ProgressPart[] = []
  let progress: Progress | undefined
  return new Promise((resolve) => {
    let failure: string | undefined
    const interrupt = () => {
      progress?.end()
      failure ??= 'Interrupted: everything that had been started is stopped again.'
      supervisor.kill('SIGTERM')
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
    supervisor.on('exit', (code) => {
      progress?.end()
      sayFailure(failure ?? `The supervisor ended with code ${code}. Its log: ${home.log('supervisor')}`)
      resolve(1)
    })
    supervisor.on('message', (message: Message) => {
      if (message.type === 'notice') process.stdout.write(`${message.text}\n`)
      if (message.type === 'parts') {
        parts = message.parts
        progress ??= showProgress(() => parts, process.stdout)
      }
      if (message.type === 'failed') failure = message.message
      if (message.type === 'ready') {
        supervisor.removeAllListeners()
        supervisor.disconnect()
        supervisor.unref()
        progress?.end()
        process.stdout.write(`${message.card}\n`)
        resolve(0)
      }
    })
  })
}
