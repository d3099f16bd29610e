import { randomBytes } from 'node:crypto'
import { ProduceAcks, Producer } from '@platformatic/kafka'

/** A text that only a compression with a long memory makes small: a topic takes it from who uses one, and not from us. */
export function largeText(bytes: number): string {
  const piece = randomBytes(75_000).toString('base64')
  return piece.repeat(Math.ceil(bytes / piece.length)).slice(0, bytes)
}

/** Sends a record as a client of another make may, compressed with zstd. */
export async function sendCompressed(
  brokers: readonly string[],
  record: {
    readonly topic: string
    readonly key: string
    readonly value: string
    readonly headers?: Record<string, string>
  },
): Promise<void> {
  const foreign = new Producer({ clientId: 'foreign', bootstrapBrokers: [...brokers] })
  const { topic, key, value, headers = {} } = record
  await foreign.send({
    messages: [
      {
        topic,
        key: Buffer.from(key),
        value: Buffer.from(value),
        headers: new Map(
          Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)]),
        ),
      },
    ],
    compression: 'zstd',
    acks: ProduceAcks.ALL,
  })
  await foreign.close()
}
