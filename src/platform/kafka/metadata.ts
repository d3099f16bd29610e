import { type Admin, metadataV12, parseBroker, ResponseError } from '@platformatic/kafka'
import { asError } from '../errors.ts'
import { within } from '../within.ts'

export type Metadata = metadataV12.MetadataResponse

const { api: metadata } = metadataV12
const askMs = 3_000

/**
 * What the first broker that answers knows of the cluster and of these topics (null: of all). Errors of one topic
 * or partition stay in their place in the answer; the client's own look-up fails as a whole when a single partition
 * has no leader, and always asks the same broker first, also one that is frozen.
 */
export async function readMetadata(
  client: Admin,
  brokers: readonly string[],
  topics: readonly string[] | null,
): Promise<Metadata> {
  const failures: Error[] = []
  for (const broker of brokers) {
    try {
      return await within(askMs, ask(client, broker, topics))
    } catch (error) {
      failures.push(asError(error))
    }
  }
  throw new AggregateError(failures, 'no broker could be asked for metadata')
}

async function ask(client: Admin, broker: string, topics: readonly string[] | null): Promise<Metadata> {
  const connection = await client.connections.get(parseBroker(broker))
  try {
    return await metadata.async(connection, topics ? [...topics] : null, false, false)
  } catch (error) {
    if (error instanceof ResponseError && isMetadata(error.response)) return error.response
    throw error
  }
}

function isMetadata(response: unknown): response is Metadata {
  return typeof response === 'object' && response !== null && 'topics' in response && 'brokers' in response
}
