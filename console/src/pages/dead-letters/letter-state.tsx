import { Badge } from '@mantine/core'
import type { LetterState } from '../../../../src/ops/contract/dead-letters.ts'

const shown: Readonly<Record<LetterState, { color: string; word: string; title: string }>> = {
  open: { color: 'red', word: 'open', title: 'Waits for a decision' },
  replayed: {
    color: 'cyan',
    word: 'under way',
    title: 'Was sent to its group again, which has not said yet what came of it',
  },
  resolved: { color: 'teal', word: 'resolved', title: 'Its group has dealt with it' },
  discarded: { color: 'gray', word: 'discarded', title: 'Somebody decided that it does not matter' },
  quarantined: { color: 'yellow', word: 'quarantined', title: 'Failed after every replay that it had' },
}

export function LetterStateMark({ state }: { state: LetterState }) {
  const { color, word, title } = shown[state]
  return (
    <Badge variant="light" color={color} title={title}>
      {word}
    </Badge>
  )
}
