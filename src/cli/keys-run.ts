import { styleText } from 'node:util'
import { AppError } from '../platform/errors.ts'
import { type ApiKey, createApiKey, listApiKeys, revokeApiKey } from '../platform/identity/api-keys.ts'
import { actor } from './actor.ts'
import type { CreateKeyFlags } from './keys.ts'
import { table } from './table.ts'
import { withDatabase } from './with-database.ts'

export async function createKey({ name, scope, expires, json }: CreateKeyFlags): Promise<void> {
  const expiresAt = expires === undefined ? null : new Date(Date.now() + expires * 1_000)
  const { key, apiKey } = await withDatabase((db) =>
    createApiKey(db, { name, scopes: scope, expiresAt }, actor()),
  )
  if (json) {
    process.stdout.write(`${JSON.stringify({ key, ...apiKey }, null, 2)}\n`)
    return
  }
  // The key alone on the standard output, for `KEY=$(…)`.
  process.stderr.write(
    `The key ${apiKey.key_id} of ${name}, for ${scope.join(', ')}, ` +
      `${expiresAt ? `until ${expiresAt.toISOString()}` : 'for ever'}. Keep it now: it is never shown again.\n`,
  )
  process.stdout.write(`${key}\n`)
}

export async function listKeys(json: boolean): Promise<void> {
  const keys = await withDatabase(listApiKeys)
  process.stdout.write(json ? `${JSON.stringify(keys, null, 2)}\n` : keysText(keys, new Date()))
}

export function keysText(keys: readonly ApiKey[], now: Date): string {
  if (keys.length === 0) return 'There are no API keys. "thereview keys create" makes one.\n'
  const titles = ['ID', 'NAME', 'STATE', 'SCOPES', 'CREATED', 'LAST USED', 'EXPIRES']
  return table(
    titles.map((title) => ({ title })),
    keys.map((key) => [
      key.key_id,
      key.name,
      stateOf(key, now),
      key.scopes.join(' '),
      dateOf(key.created_at, '–'),
      dateOf(key.last_used_at, 'never'),
      dateOf(key.expires_at, 'never'),
    ]),
  )
}

export async function revokeKey(id: string): Promise<void> {
  const revoked = await withDatabase((db) => revokeApiKey(db, id, actor()))
  if (!revoked) {
    throw new AppError(
      'no_such_key',
      'fatal',
      `There is no key ${id} that still counts. See "thereview keys list".`,
    )
  }
  process.stdout.write(`The key ${id} is refused from now on.\n`)
}

function stateOf({ revoked_at, expires_at }: ApiKey, now: Date): string {
  if (revoked_at) return styleText('red', 'revoked')
  return expires_at && expires_at <= now ? styleText('yellow', 'expired') : styleText('green', 'valid')
}

function dateOf(time: Date | null, none: string): string {
  return time ? time.toISOString().slice(0, 16).replace('T', ' ') : none
}
