import { setTimeout as pause } from 'node:timers/promises'
import { styleText } from 'node:util'
import { type DryRun, dryRun } from '../ops/dead-letters/dry-run.ts'
import { indexDeadLetters } from '../ops/dead-letters/letter-index.ts'
import { letterSource } from '../ops/dead-letters/letter-source.ts'
import { discardLetters } from '../ops/dead-letters/letters.ts'
import { createReplay, findReplay, type ReplayJob } from '../ops/dead-letters/replay-jobs.ts'
import { ReplayRunner } from '../ops/dead-letters/replay-runner.ts'
import { appendAudit } from '../platform/audit/audit.ts'
import { AppError } from '../platform/errors.ts'
import { createLogger } from '../platform/telemetry/logger.ts'
import { actor } from './actor.ts'
import type { LetterOptions, ReplayOptions } from './dlq.ts'
import { filterOf, saysNothing } from './dlq-filter.ts'
import { type DeadLetters, withDeadLetters } from './with-dead-letters.ts'

export async function replayLetters(options: ReplayOptions): Promise<void> {
  assertChosen(options)
  await withDeadLetters(async (letters) => {
    const plan = await dryRun(letters.pool, letters.recordOf, filterOf(options), options.max)
    if (options.dryRun || plan.letters === 0) {
      process.stdout.write(options.json ? json(plan) : planText(plan))
      return
    }
    const replayId = await createReplay(letters.pool, {
      filter: filterOf(options),
      maxLetters: options.max,
      ratePerSecond: options.rate,
      createdBy: actor(),
    })
    await appendAudit(letters.pool, {
      actor: actor(),
      action: 'replay.created',
      target: chosen(options),
      details: { replay_id: replayId, most: options.max },
    })
    const job = await runToEnd(letters, replayId, options.json === true)
    process.stdout.write(options.json ? json(job) : jobText(job))
    if (job.failed > 0) process.exitCode = 1
  })
}

export async function discard(options: LetterOptions & { all?: true; reason: string }): Promise<void> {
  assertChosen(options)
  const count = await withDeadLetters(async ({ pool }) => {
    const letters = await discardLetters(pool, filterOf(options), options.reason)
    await appendAudit(pool, {
      actor: actor(),
      action: 'dead_letters.discarded',
      target: chosen(options),
      details: { letters, reason: options.reason },
    })
    return letters
  })
  process.stdout.write(options.json ? json({ discarded: count }) : `${count} dead letters discarded.\n`)
}

function assertChosen(options: LetterOptions & { all?: true }): void {
  if (options.all || !saysNothing(options)) return
  throw new AppError(
    'nothing_chosen',
    'fatal',
    'Say which letters: --id, --group, --code, --since, --until, or --all.',
  )
}

/** Which letters, as the audit says it. */
function chosen({ id, group, code }: LetterOptions): string {
  if (id) return id.length === 1 ? `dead letter ${id[0]}` : `${id.length} dead letters`
  return [group ?? 'all groups', code ?? 'all codes'].join(', ')
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

function jobText(job: ReplayJob): string {
  const { replay_id, resolved, failed, skipped, pending, sent } = job
  const lines = [
    `${styleText(failed === 0 ? 'green' : 'yellow', `${resolved} resolved`)}, ${failed} failed again, ${skipped} skipped`,
    ...(pending + sent > 0 ? [`${pending + sent} without an outcome yet; is their worker running?`] : []),
    styleText('dim', `replay ${replay_id}`),
  ]
  return `${lines.join('\n')}\n`
}

function planText({ letters, keys, decodable, undecodable, superseded, byGroup }: DryRun): string {
  if (letters === 0) return 'No open dead letters match.\n'
  const groups = Object.entries(byGroup).map(([group, count]) => `${count} to ${group}`)
  const lines = [
    `${letters} letters: ${groups.join(', ')}`,
    `keys        ${keys.join(', ')}${keys.length < letters ? ' …' : ''}`,
    `decodable   ${decodable} of ${letters}`,
    ...undecodable.slice(0, 10).map(({ letter_id, reason }) => `            ${letter_id}: ${reason}`),
    `superseded  ${superseded.length}${superseded.length > 0 ? ' by newer events of the same key' : ''}`,
  ]
  return `${lines.join('\n')}\n`
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
