import type { PartName } from './part.ts'

/** Somebody waits for its answer. */
const answering: readonly PartName[] = ['api', 'postgres', 'redis']

/** An effect may take a moment longer than an answer. */
const acting: readonly PartName[] = [
  'kafka-1',
  'kafka-2',
  'kafka-3',
  'relay',
  'analytics-worker',
  'cache-worker',
]

/**
 * Who has the processor first where all share a few: what answers, then what makes statistics and clears caches, then
 * mails and what is for looking on. As `nice(1)` counts, where 19 is the last.
 */
export function nicenessOf(part: PartName): number {
  if (answering.includes(part)) return 0
  return acting.includes(part) ? 10 : 16
}
