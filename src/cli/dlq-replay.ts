import { setTimeout as pause } from 'node:timers/promises'
import { dryRun } from '../ops/dead-letters/dry-run.ts'
import { indexDeadLetters } from '../ops/dead-letters/letter-index.ts'
import { letterSource } from '../ops/dead-letters/letter-source.ts'
import { discardLetters } from '../ops/dead-letters/letters.ts'
import { createReplay, findReplay, type ReplayJob } from '../ops/dead-letters/replay-jobs.ts'
import { ReplayRunner } from '../ops/dead-letters/replay-runner.ts'
import { AppError } from '../platform/errors.ts'
import { createLogger } from '../platform/telemetry/logger.ts'
import { actor } from './actor.ts'
import type { LetterOptions, ReplayOptions } from './dlq.ts'
import { filterOf } from './dlq-filter.ts'
import { jobText, planText } from './dlq-text.ts'
import { type DeadLetters, withDeadLetters } from './with-dead-letters.ts'

export async function replayLetters(options: ReplayOptions): Promise<void> {
  await withDeadLetters(async (letters) => {
    const plan = await dryRun(letters.pool, letters.recordOf, filterOf(options), options.max)
    if (options.dryRun || plan.letters === 0) {
      process.stdout.write(options.json ? json(plan) : planText(plan, options.rate))
      return
    }
    const replayId = await createReplay(letters.pool, {
      filter: filterOf(options),
      maxLetters: options.max,
      ratePerSecond: options.rate,
      createdBy: actor(),
    })
    const job = await runToEnd(letters, replayId, options.json === true)
    process.stdout.write(options.json ? json(job) : jobText(job))
    // Also where nobody has said what came of a letter: its worker may be down.
    if (job.failed + job.pending + job.sent > 0) process.exitCode = 1
  })
}

export async function discard(options: LetterOptions & { all?: true; reason: string }): Promise<void> {
  const count = await withDeadLetters(({ pool }) =>
    discardLetters(pool, filterOf(options), { reason: options.reason, actor: actor() }),
  )
  const text = count === 0 ? 'No open or quarantined dead letters match.' : `${count} dead letters discarded.`
  process.stdout.write(options.json ? json({ discarded: count }) : `${text}\n`)
}

const outcomeTimeoutMs = 60_000

/** Runs the job here, and waits until its handlers have said what came of each letter. */
async function runToEnd(
  { pool, kafka, recordOf }: DeadLetters,
  replayId: string,
  quiet: boolean,
): Promise<ReplayJob> {
  const log = createLogger({ service: 'cli', level: 'error', format: 'json' })
  const producer = kafka.producer()
  const reader = kafka.recordReader()
  const runner = new ReplayRunner({ pool, producer, recordOf, log })
  runner.start()
  try {
    let lastChange = performance.now()
    for (let before = ''; ; ) {
      await indexDeadLetters(pool, letterSource(reader))
      const job = await findReplay(pool, replayId)
      if (!job) throw new AppError('not_found', 'fatal', `the replay ${replayId} is gone`)
      const now = progress(job)
      if (now !== before) lastChange = performance.now()
      if (now !== before && !quiet && process.stderr.isTTY) process.stderr.write(`\r\x1b[K${now}`)
      before = now
      const settled = job.pending + job.sent === 0 && job.state !== 'running'
      if (settled || job.state === 'cancelled' || performance.now() - lastChange > outcomeTimeoutMs) {
        if (!quiet && process.stderr.isTTY) process.stderr.write('\r\x1b[K')
        return job
      }
      await pause(200)
    }
  } finally {
    await runner.stop()
    await Promise.all([producer.close(), reader.close()])
  }
}

function progress({ pending, sent, resolved, failed }: ReplayJob): string {
  return `${pending} to send, ${sent} on their way, ${resolved} resolved, ${failed} failed again`
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
