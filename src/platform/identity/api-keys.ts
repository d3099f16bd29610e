import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { AppError } from '../errors.ts'
import { MicroBatcher } from '../postgres/micro-batcher.ts'
import { type Queryable, withPostgres } from '../postgres/pool.ts'
import type { Identity, Scope } from './identity.ts'

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

export interface NewApiKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: Date | null
}

/**
 * Makes a key, and notes in the audit who did. The text of it is returned this once, and only its hash is stored:
 * of 256 random bits a plain hash gives nothing away.
 */
export async function createApiKey(
  db: Queryable,
  { name, scopes, expiresAt }: NewApiKey,
  actor: string,
): Promise<{ key: string; apiKey: ApiKey }> {
  const id = randomBytes(8).readBigUInt64BE().toString(36).padStart(13, '0').slice(-12)
  const secret = randomBytes(32).toString('base64url')
  const { rows } = await db.query<ApiKey>(
    `with made as (
      insert into api_keys (key_id, name, secret_hash, scopes, expires_at) values ($1, $2, $3, $4, $5)
      returning ${columns}
    ),
    noted as materialized (
      select append_audit($6, 'api_key.created', key_id, jsonb_build_object(
        'scopes', array_to_string(scopes, ' '), 'expires_at', expires_at
      )) from made
    )
    select ${columns} from made cross join noted`,
    [id, name, hash(secret), scopes, expiresAt, actor],
  )
  const [apiKey] = rows
  if (!apiKey) throw new Error('an insert returned nothing')
  return { key: `trk_${id}_${secret}`, apiKey }
}

export async function listApiKeys(db: Queryable): Promise<ApiKey[]> {
  const { rows } = await db.query<ApiKey>(`select ${columns} from api_keys order by created_at, key_id`)
  return rows
}

/** From now on the key is refused, and the audit has who did it. False when there is no such key, or it was revoked. */
export async function revokeApiKey(db: Queryable, keyId: string, actor: string): Promise<boolean> {
  const { rows } = await db.query(
    `with revoked as (
      update api_keys set revoked_at = now() where key_id = $1 and revoked_at is null returning key_id
    )
    select append_audit($2, 'api_key.revoked', key_id, '{}') from revoked`,
    [keyId, actor],
  )
  return rows.length === 1
}

export function looksLikeApiKey(text: string): boolean {
  return text.startsWith('trk_')
}

export type ApiKeyVerifier = (text: string) => Promise<Identity>

/**
 * Asks the database at each request, so that a key is refused from the moment it is revoked; for many requests at
 * once in one statement.
 */
export function createApiKeyVerifier(db: Queryable): ApiKeyVerifier {
  const lookUps = new MicroBatcher<string, StoredKey | null>({
    maxBatch: 128,
    maxWaiting: 2_000,
    run: (ids) => findKeys(db, ids),
  })

  /** @throws {AppError} `unauthenticated`, the same for every reason: a key that leaked must not be explored */
  return async (text) => {
    const [, id, secret] = form.exec(text) ?? []
    if (id === undefined || secret === undefined) throw refusal()
    const found = await withPostgres(() => lookUps.submit(id))
    if (!found || !timingSafeEqual(found.secret_hash, hash(secret)) || !found.usable) throw refusal()
    if (found.unnoted) await withPostgres(() => noteUse(db, id))
    return { kind: 'api-key', subject: id, scopes: new Set(found.scopes) }
  }
}

interface StoredKey {
  readonly key_id: string
  readonly secret_hash: Buffer
  readonly scopes: readonly Scope[]
  readonly usable: boolean
  /** Whether its last use that is known is more than a minute ago. */
  readonly unnoted: boolean
}

async function findKeys(db: Queryable, ids: readonly string[]): Promise<(StoredKey | null)[]> {
  const { rows } = await db.query<StoredKey>({
    name: 'api_keys.find',
    text: `select key_id, secret_hash, scopes,
        revoked_at is null and (expires_at is null or expires_at > now()) as usable,
        last_used_at is null or last_used_at < now() - interval '1 minute' as unnoted
      from api_keys where key_id = any($1::text[])`,
    values: [ids],
  })
  const found = new Map(rows.map((row) => [row.key_id, row]))
  return ids.map((id) => found.get(id) ?? null)
}

/** Last use is kept to the minute, so that a busy key does not cost a write for each request. */
async function noteUse(db: Queryable, keyId: string): Promise<void> {
  await db.query(
    `update api_keys set last_used_at = now()
     where key_id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [keyId],
  )
}

function refusal(): AppError {
  return new AppError('unauthenticated', 'fatal', 'the API key was refused')
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
