import type { ServiceName } from '../contracts/service-names.ts'
import {
  type ChangedLogLevels,
  changeLogLevels,
  listChangedLogLevels,
  resetLogLevels,
} from '../platform/telemetry/changed-log-levels.ts'
import { actor } from './actor.ts'
import { table } from './table.ts'
import { withDatabase } from './with-database.ts'

export async function showLevels(service: ServiceName | undefined, json: boolean): Promise<void> {
  const all = await withDatabase(listChangedLogLevels)
  const changed = all.filter((one) => service === undefined || one.service === service)
  process.stdout.write(json ? `${JSON.stringify(changed, null, 2)}\n` : changedText(changed))
}

function changedText(changed: readonly ChangedLogLevels[]): string {
  if (changed.length === 0) return 'Nothing was changed: what LOG_LEVEL said at the start holds.\n'
  return table(
    ['SERVICE', 'LEVELS', 'UNTIL', 'BY'].map((title) => ({ title })),
    changed.map(({ service, levels, expires_at, changed_by }) => [
      service,
      levels,
      expires_at.toISOString(),
      changed_by,
    ]),
  )
}

export async function changeLevels(service: ServiceName, levels: string, minutes: number): Promise<void> {
  const until = await withDatabase((db) => changeLogLevels(db, { service, levels, minutes, actor: actor() }))
  process.stdout.write(`${service} logs ${levels} until ${until.toISOString()}.\n`)
}

export async function resetLevels(service: ServiceName): Promise<void> {
  const was = await withDatabase((db) => resetLogLevels(db, service, actor()))
  process.stdout.write(
    was
      ? `${service} logs again as it was started.\n`
      : `Nothing was changed of ${service}: it logs as it was started.\n`,
  )
}
