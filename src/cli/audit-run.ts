import { styleText } from 'node:util'
import { type AuditEntry, listAudit, verifyAudit } from '../platform/audit/audit.ts'
import type { ListAuditFlags } from './audit.ts'
import { table } from './table.ts'
import { withDatabase } from './with-database.ts'

export async function showAudit({ limit, before, json }: ListAuditFlags): Promise<void> {
  const entries = await withDatabase((db) => listAudit(db, limit, before ?? null))
  process.stdout.write(json ? `${JSON.stringify(entries, null, 2)}\n` : auditText(entries))
}

export function auditText(entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return 'Nobody has done anything as an administrator.\n'
  const titles = ['TIME', 'ACTOR', 'ACTION', 'TARGET', 'DETAILS']
  return table(
    [{ title: 'NUMBER', align: 'right' }, ...titles.map((title) => ({ title }))],
    entries.map(({ number, occurred_at, actor, action, target, details }) => [
      String(number),
      occurred_at.toISOString(),
      actor,
      action,
      target,
      Object.entries(details)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ]),
  )
}

/** The exit code: 1 where the chain is broken. */
export async function verify(json: boolean): Promise<number> {
  const { entries, brokenAt } = await withDatabase(verifyAudit)
  const text =
    brokenAt === null
      ? `${styleText('green', 'The audit is whole')}: ${entries} entries, each bound to the one before it.`
      : `${styleText('red', 'The audit is broken')} at entry ${brokenAt}: it was changed, or something before it is missing.`
  process.stdout.write(`${json ? JSON.stringify({ entries, broken_at: brokenAt }) : text}\n`)
  return brokenAt === null ? 0 : 1
}
