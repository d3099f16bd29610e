import { Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { LetterState } from '../../../../src/ops/contract/dead-letters.ts'
import type { LetterFilter } from '../../api/queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { DiscardDialog } from './discard-dialog.tsx'
import { ReplayDialog } from './replay-dialog.tsx'

interface LetterActsProps {
  readonly filter: LetterFilter
  readonly count: number
  readonly state: LetterState
}

/** What can be done with letters that wait for a decision; nothing with others. */
export function LetterActs({ filter, count, state }: LetterActsProps) {
  const [replayOpened, replay] = useDisclosure(false)
  const [discardOpened, discard] = useDisclosure(false)
  if (state !== 'open' && state !== 'quarantined') return null
  return (
    <Group gap={6} wrap="nowrap" display="inline-flex">
      {state === 'open' && (
        <ActButton needs="operator" size="compact-sm" variant="light" onAct={replay.open}>
          Replay…
        </ActButton>
      )}
      <ActButton needs="operator" size="compact-sm" variant="default" onAct={discard.open}>
        Discard…
      </ActButton>
      <ReplayDialog filter={filter} count={count} opened={replayOpened} onClose={replay.close} />
      <DiscardDialog filter={filter} count={count} opened={discardOpened} onClose={discard.close} />
    </Group>
  )
}
