import { allTopics, topics } from '../../contracts/topics.ts'
import type { RecordReader } from '../../platform/kafka/record-reader.ts'
import { recordTooLarge } from '../../platform/messaging/settle.ts'
import type { RecordOf } from './dry-run.ts'
import type { LetterSource } from './letter-index.ts'
import type { Letter } from './letters.ts'

/** The one partition of `deadletter.queue`. */
const letters = 0

/** `deadletter.queue`, read by offset. It has one partition, so that an offset names a letter. */
export function letterSource(reader: RecordReader): LetterSource {
  return {
    read: async (from, limit) => (await reader.read(topics.deadLetters.name, letters, from)).slice(0, limit),
  }
}

/** A letter that was too large for its value is read where its record came from, while that topic keeps it. */
export function recordOfLetter(reader: RecordReader): RecordOf {
  return async (letter) => {
    const { topic, partition, offset } = placeOf(letter)
    if (!allTopics.some(({ name }) => name === topic)) return null
    const [record] = await reader.read(topic, partition, offset)
    return record?.offset === offset ? record : null
  }
}

function placeOf(letter: Letter) {
  if (letter.error_code !== recordTooLarge)
    return { topic: topics.deadLetters.name, partition: letters, offset: BigInt(letter.record_offset) }
  const { original_topic, original_partition, original_offset } = letter
  return { topic: original_topic, partition: original_partition, offset: BigInt(original_offset) }
}
