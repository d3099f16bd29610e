import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { Queryable } from '../postgres/pool.ts'

/** What a key may do. */
export const scopes = ['reviews:write', 'users:write', 'entities:write', 'analytics:write'] as const
export type Scope = (typeof scopes)[number]

export interface ApiKey {
  readonly key_id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly revoked_at: Date | null
  readonly last_used_at: Date | null
}

const columns = 'key_id, name, scopes, created_at, expires_at, revoked_at, last_used_at'
// A key reads `trk_<id>_<secret>`: the prefix lets scanners find one that leaked, the id lets us name it.
const form = /^trk_([0-9a-z]{12})_([0-9A-Za-z_-]{43})$/

/** Makes a key. The text of it is returned this once, and only its hash is stored. */
export async function createApiKey(
  db: Queryable,
  { name, scopes, expiresAt }: { name: string; scopes: readonly Scope[]; expiresAt: Date | null },
): Promise<{ key: string; apiKey: ApiKey }> {
  const id = randomBytes(8).readBigUInt64BE().toString(36).padStart(13, '0').slice(-12)
  const secret = randomBytes(32).toString('base64url')
  const { rows } = await db.query<ApiKey>(
    `insert into api_keys (key_id, name, secret_hash, scopes, expires_at) values ($1, $2, $3, $4, $5)
     returning ${columns}`,
    [id, name, hash(secret), scopes, expiresAt],
  )
  const [apiKey] = rows
  if (!apiKey) throw new Error('an insert returned nothing')
  return { key: `trk_${id}_${secret}`, apiKey }
}

export async function listApiKeys(db: Queryable): Promise<ApiKey[]> {
  const { rows } = await db.query<ApiKey>(`select ${columns} from api_keys order by created_at, key_id`)
  return rows
}

/** False when there is no such key, or it was revoked before. */
export async function revokeApiKey(db: Queryable, keyId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'update api_keys set revoked_at = now() where key_id = $1 and revoked_at is null',
    [keyId],
  )
  return rowCount === 1
}

export function looksLikeApiKey(text: string): boolean {
  return text.startsWith('trk_')
}

/** @throws {AppError} `unauthenticated`, the same for every reason: a key that leaked must not be explored */
export async function verifyApiKey(db: Queryable, text: string): Promise<ApiKey> {
  const [, id, secret] = form.exec(text) ?? []
  const { rows } = await db.query<ApiKey & { secret_hash: Buffer; usable: boolean }>(
    `select ${columns}, secret_hash, revoked_at is null and (expires_at is null or expires_at > now()) as usable
     from api_keys where key_id = $1`,
    [id ?? ''],
  )
  const [found] = rows
  if (!found || !timingSafeEqual(found.secret_hash, hash(secret ?? '')) || !found.usable) {
    throw new AppError('unauthenticated', 'fatal', 'the API key was refused')
  }
  await touch(db, found.key_id)
  const { secret_hash: _, usable: __, ...apiKey } = found
  return apiKey
}

/** Last use is kept to the minute, so that a busy key does not cost a write for each request. */
async function touch(db: Queryable, keyId: string): Promise<void> {
  await db.query(
    `update api_keys set last_used_at = now()
     where key_id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [keyId],
  )
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
