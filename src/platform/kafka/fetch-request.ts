import { type Connection, fetchV17, ResponseError } from '@platformatic/kafka'
import { within } from '../within.ts'

export type FetchResponse = fetchV17.FetchResponse

export interface FetchedFrom {
  readonly topicId: string
  readonly partition: number
  /** The first offset wanted. */
  readonly position: bigint
}

/** Silence for so long beyond the wait is that of a frozen broker, whose partitions have another leader soon. */
const silenceMs = 3_000
const maxBytes = 8 * 1024 * 1024
/** As they lie on the broker: compressed text takes several times as much when it is read. */
const maxBytesPerPartition = 512 * 1024

const { api: fetch } = fetchV17
const sessionless = { id: 0, epoch: -1 } as const
const readUncommitted = 0

/**
 * Asks the leader of these partitions for records; it answers as soon as there is one, or after `maxWaitMs`. Errors
 * stay with their partitions: the client throws a response in which any has one, though the others' records are in
 * it all the same.
 */
export async function fetchFrom(
  connection: Connection,
  partitions: readonly FetchedFrom[],
  maxWaitMs: number,
): Promise<FetchResponse> {
  const topics = partitions.map(({ topicId, partition, position }) => ({
    topicId,
    partitions: [
      {
        partition,
        fetchOffset: position,
        currentLeaderEpoch: -1,
        lastFetchedEpoch: -1,
        partitionMaxBytes: maxBytesPerPartition,
      },
    ],
  }))
  const { id, epoch } = sessionless
  try {
    const answer = fetch.async(connection, maxWaitMs, 1, maxBytes, readUncommitted, id, epoch, topics, [], '')
    return await within(maxWaitMs + silenceMs, answer)
  } catch (error) {
    if (error instanceof ResponseError && isFetchResponse(error.response)) return error.response
    throw error
  }
}

function isFetchResponse(response: unknown): response is FetchResponse {
  return (
    typeof response === 'object' &&
    response !== null &&
    'responses' in response &&
    Array.isArray(response.responses)
  )
}
