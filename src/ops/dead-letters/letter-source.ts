import { topics } from '../../contracts/topics.ts'
import type { RecordReader } from '../../platform/kafka/record-reader.ts'
import type { RecordOf } from './dry-run.ts'
import type { LetterSource } from './letter-index.ts'

const partition = 0

/** `deadletter.queue`, read by offset. It has one partition, so that an offset names a letter. */
export function letterSource(reader: RecordReader): LetterSource {
  return {
    read: async (from, limit) =>
      (await reader.read(topics.deadLetters.name, partition, from)).slice(0, limit),
  }
}

export function recordOfLetter(reader: RecordReader): RecordOf {
  return async ({ record_offset }) => {
    const offset = BigInt(record_offset)
    const [record] = await reader.read(topics.deadLetters.name, partition, offset)
    return record?.offset === offset ? record : null
  }
}
