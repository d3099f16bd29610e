import { audited } from '../platform/audit/audited.ts'
import { AppError } from '../platform/errors.ts'
import { rewind } from '../platform/log/relay-lease.ts'
import { listSetAside, requestRetry } from '../platform/log/set-aside.ts'
import { readLogStanding } from '../platform/log/standing.ts'
import { actor } from './actor.ts'
import { table } from './table.ts'
import { withDatabase } from './with-database.ts'

export async function showOutbox(asJson: boolean): Promise<void> {
  await withDatabase(async (db) => {
    const [standing, setAside] = await Promise.all([readLogStanding(db), listSetAside(db)])
    if (asJson) {
      process.stdout.write(`${JSON.stringify({ ...standing, setAside }, null, 2)}\n`)
      return
    }
    const { head, published, oldestAgeSeconds, holder } = standing
    const age = head > published ? `, the oldest ${oldestAgeSeconds.toFixed(1)} s old` : ''
    process.stdout.write(`published  ${published} of ${head} events\n`)
    process.stdout.write(`backlog    ${head - published} events${age}\n`)
    process.stdout.write(`relay      ${holder ?? 'none is active'}\n`)
    if (setAside.length === 0) return
    process.stdout.write('\nset aside\n')
    const titles = ['AGGREGATE', 'TYPE', 'EVENTS', 'FROM POSITION', 'SINCE']
    const rows = setAside.map((one) => [
      one.aggregate_id,
      one.aggregate_type,
      String(one.events),
      String(one.first_position),
      one.set_aside_at.toISOString(),
    ])
    process.stdout.write(
      table(
        titles.map((title) => ({ title })),
        rows,
      ),
    )
  })
}

export async function retryAggregate(aggregate: string): Promise<void> {
  const count = await withDatabase(async (db) => {
    const held = (await listSetAside(db)).find(({ aggregate_id }) => aggregate_id === aggregate)
    if (!held) {
      const message = `Nothing of ${aggregate} is set aside. See: thereview outbox status`
      throw new AppError('not_found', 'fatal', message)
    }
    const details = { events: held.events }
    return audited(db, { actor: actor(), action: 'outbox.retried', target: aggregate, details }, () =>
      requestRetry(db, aggregate),
    )
  })
  process.stdout.write(`The relay tries ${count} events again.\n`)
}

export async function rewindLog({ to, yes }: { to: number; yes?: true }): Promise<void> {
  await withDatabase(async (db) => {
    const { head } = await readLogStanding(db)
    if (to > head)
      throw new AppError('out_of_range', 'fatal', `--to is ${to}: the log ends at position ${head}.`)
    if (!yes) {
      process.stdout.write(`This publishes ${head - to} events again. Say --yes to do it.\n`)
      return
    }
    const act = { actor: actor(), action: 'outbox.rewound', target: 'relay', details: { to } }
    await audited(db, act, () => rewind(db, to))
    process.stdout.write(`The relay publishes ${head - to} events again.\n`)
  })
}
