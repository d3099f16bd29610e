import type { LetterFilter } from '../ops/dead-letters/letters.ts'
import type { LetterOptions } from './dlq.ts'

export function filterOf({ id, group, code, since, until, state }: LetterOptions): LetterFilter {
  return {
    ...(id === undefined ? {} : { letterIds: id }),
    ...(group === undefined ? {} : { consumerGroup: group }),
    ...(code === undefined ? {} : { errorCode: code }),
    ...(since === undefined ? {} : { failedFrom: since }),
    ...(until === undefined ? {} : { failedTo: until }),
    ...(state === undefined ? {} : { state }),
  }
}

export function saysNothing(options: LetterOptions): boolean {
  return Object.keys(filterOf(options)).length === 0
}
