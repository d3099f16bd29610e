import { styleText } from 'node:util'
import { followLog } from '../launcher/log-files.ts'
import { isInfrastructure } from '../launcher/part.ts'
import type { PartStatus } from '../launcher/part-status.ts'
import type { RunningStack } from '../launcher/running-stack.ts'
import { openStack } from '../launcher/stack.ts'
import { card } from './stack-card.ts'
import { isWarning, parseLogLine, readableLine } from './stack-log-line.ts'
import { type Progress, showProgress } from './stack-progress.ts'

/** Who watches the stack come up: a terminal, or the process that waits for it to go on alone. */
export type Audience = {
  notice: (text: string) => void
  starting: (stack: RunningStack) => Progress
  ready: (stack: RunningStack, seconds: number) => void
  failed: (message: string) => void
}

export function upInForeground(folder: string): Promise<number> {
  return runStack(folder, {
    notice: say,
    starting: (stack) => showProgress(() => stack.status(), process.stdout),
    ready: (stack, seconds) => say(card(stack, { seconds, isDetached: false })),
    failed: sayFailure,
  })
}

/** Resolves with the exit code when everything has been stopped: by a signal, by `down`, or as it did not start. */
export async function runStack(folder: string, audience: Audience): Promise<number> {
  const startedAt = Date.now()
  let isUp = false
  let stack: RunningStack
  try {
    stack = await openStack({
      home: folder,
      environment: process.env,
      notice: audience.notice,
      changed: (now, before) => (isUp || stack?.isStopping) && reportChange(now, before),
    })
  } catch (error) {
    audience.failed(error instanceof Error ? error.message : String(error))
    return 1
  }
  stopOnSignals(stack)

  const progress = audience.starting(stack)
  stack.stopping.addEventListener('abort', () => {
    progress.end()
    say('\nStopping: the services finish what they have in hand, then the rest. (Ctrl-C again: at once)')
  })
  const up = stack.up().finally(() => progress.end())
  const failure = await Promise.race([up, stack.closed]).then(
    () => undefined,
    (error: Error) => error,
  )
  if (failure && !stack.isStopping) {
    audience.failed(failure.message)
    await stack.stop()
    return 1
  }
  if (!stack.isStopping) {
    isUp = true
    audience.ready(stack, (Date.now() - startedAt) / 1000)
    followWarnings(stack)
  }
  await stack.closed
  say('Stopped.')
  return 0
}

/**
 * The first signal stops in order; another one ends everything at once. A Ctrl-C comes twice from npm, to us as
 * the terminal's process group and again by npm itself, so what follows at once is still the first.
 */
function stopOnSignals(stack: RunningStack): void {
  let firstAt: number | undefined
  const onSignal = () => {
    if (firstAt === undefined) {
      firstAt = Date.now()
      void stack.stop()
    } else if (Date.now() - firstAt > 1_000) stack.kill()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  // A fault of ours must not leave parts without a supervisor.
  process.once('uncaughtException', (error) => {
    sayFailure(error.stack ?? error.message)
    process.exitCode = 1
    void stack.stop()
  })
  // A terminal that is gone must not keep us from stopping what we started.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
}

function reportChange(now: PartStatus, before: PartStatus): void {
  if (now.state === before.state && now.restarts === before.restarts) return
  if (now.state === 'ready') say(`${clock()} ${now.name} is ready${now.restarts > 0 ? ' again' : ''}`)
  else if (now.state === 'stopped') say(styleText('dim', `${clock()} ${now.name} is stopped`))
  else if (now.restarts > before.restarts) {
    say(styleText(now.state === 'failed' ? 'red' : 'yellow', `${clock()} ${now.name} ${now.detail ?? ''}`))
  }
}

/** What the services warn of, while it happens; all the rest is in their logs. */
function followWarnings(stack: RunningStack): void {
  const services = stack.status().filter(({ name }) => !isInfrastructure(name))
  const logs = services.map(({ name }) => ({ name, read: followLog(stack.home.log(name)) }))
  const timer = setInterval(() => {
    for (const { name, read } of logs) {
      for (const line of read()) {
        const entry = parseLogLine(line)
        if (entry && isWarning(entry)) say(`${readableLine(line)} ${styleText('dim', `(${name})`)}`)
      }
    }
  }, 300)
  void stack.closed.then(() => clearInterval(timer))
}

/** The first line is the failure, the lines after it are mostly the end of a log. */
export function sayFailure(message: string): void {
  const [reason = '', ...log] = message.split('\n')
  const lines = [
    styleText('red', reason, { stream: process.stderr }),
    ...log.map((line) => `  ${readableLine(line)}`),
  ]
  process.stderr.write(`${lines.join('\n')}\n`)
}

function clock(): string {
  return new Date().toTimeString().slice(0, 8)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
