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
  const args = ['-P', '-b', brokers, '-t', topic, '-k', record.key, ...size, ...headers]
  // A file is one message; nothing on standard input with -Z is a message without a value.
  const child = spawn('kcat', record.value === null ? [...args, '-Z'] : [...args, file], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  child.stdin?.end(record.value === null ? '\n' : '')
  const errors: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk))
  const [code] = await once(child, 'close').catch((error: unknown) => {
    throw new Error('this case needs kcat: apt-get install kcat', { cause: error })
  })
  if (code !== 0) throw new Error(`kcat ended with ${code}: ${Buffer.concat(errors).toString()}`)
}
