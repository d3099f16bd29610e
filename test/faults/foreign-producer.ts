import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ForeignRecord {
  readonly key: string
  /** Null for a tombstone. */
  readonly value: Buffer | null
  readonly headers?: Readonly<Record<string, string>>
}

/** Produces with kcat, which shares no code with TheReview's own client. */
export async function produceForeign(brokers: string, topic: string, record: ForeignRecord): Promise<void> {
  const file = join(await mkdtemp(join(tmpdir(), 'foreign-')), 'value')
  await writeFile(file, record.value ?? '')
  const headers = Object.entries(record.headers ?? {}).flatMap(([name, value]) => ['-H', `${name}=${value}`])
  const size = ['-X', 'message.max.bytes=2000000']
  const common = ['-P', '-b', brokers, '-t', topic, ...size, ...headers]
  // A file is one message; a line that ends at its key is, with -Z, a message without a value.
  const tombstone = record.value === null
  const args = tombstone ? [...common, '-K', ':', '-Z'] : [...common, '-k', record.key, file]
  const child = spawn('kcat', args, { stdio: ['pipe', 'ignore', 'pipe'] })
  child.stdin?.end(tombstone ? `${record.key}:` : '')
  const errors: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk))
  const [code] = await once(child, 'close').catch((error: unknown) => {
    throw new Error('this case needs kcat: apt-get install kcat', { cause: error })
  })
  if (code !== 0) throw new Error(`kcat ended with ${code}: ${Buffer.concat(errors).toString()}`)
}
