import { Alert, Group, List, NumberInput, Skeleton, Text } from '@mantine/core'
import { useState } from 'react'
import type { ReplayPlan } from '../../../../src/ops/contract/dead-letters.ts'
import { type LetterFilter, useReplayPlan, useStartReplay } from '../../api/queries.ts'
import { Decision } from '../../parts/decision.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { countOf, formatCount, formatSeconds } from '../../parts/format.ts'

interface ReplayDialogProps {
  readonly filter: LetterFilter
  readonly count: number
  readonly opened: boolean
  readonly onClose: () => void
}

/** Sends letters to their group again, after saying what that would do. */
export function ReplayDialog(props: ReplayDialogProps) {
  const { count, opened, onClose } = props
  return (
    <Dialog opened={opened} onClose={onClose} title={`Replay ${countOf(count, 'letter')}`} size="lg">
      <ReplayForm {...props} />
    </Dialog>
  )
}

function ReplayForm({ filter, count, onClose }: ReplayDialogProps) {
  const [most, setMost] = useState(count)
  const [rate, setRate] = useState(50)
  const plan = useReplayPlan(filter, most)
  const start = useStartReplay()
  const work = async () => {
    await start.mutateAsync({ filter, max_letters: most, rate_per_second: rate })
    return {
      title: 'The replay has begun',
      message: `${countOf(Math.min(most, count), 'letter')} at ${rate}/s`,
    }
  }
  return (
    <Decision
      verb="Replay"
      blocked={
        !plan.data ? 'The dry run is under way' : plan.data.letters === 0 ? 'There is nothing to send' : null
      }
      note={`Takes about ${formatSeconds(Math.ceil(Math.min(most, count) / rate))}`}
      work={work}
      onClose={onClose}
    >
      <Text size="sm">
        Each letter goes to its own group alone. What was dealt with before absorbs the repeat; what fails
        again comes back here.
      </Text>
      {plan.error ? (
        <Failure error={plan.error} />
      ) : plan.data ? (
        <Plan plan={plan.data} />
      ) : (
        <Skeleton height={92} />
      )}
      <Group grow>
        <NumberInput
          label="At most"
          suffix=" letters"
          min={1}
          max={100_000}
          value={most}
          onChange={(value) => setMost(Number(value) || 1)}
          thousandSeparator=","
        />
        <NumberInput
          label="Rate"
          suffix=" a second"
          min={1}
          max={1_000}
          value={rate}
          onChange={(value) => setRate(Number(value) || 1)}
        />
      </Group>
    </Decision>
  )
}

/** The dry run in words. */
function Plan({ plan }: { plan: ReplayPlan }) {
  const worrying = plan.undecodable.length > 0 || plan.superseded.length > 0
  return (
    <Alert
      color={plan.letters === 0 ? 'gray' : worrying ? 'yellow' : 'teal'}
      variant="light"
      title={`Dry run: ${countOf(plan.letters, 'letter')} would be sent`}
    >
      <List size="sm" spacing={2}>
        {Object.entries(plan.byGroup).map(([group, letters]) => (
          <List.Item key={group}>
            {countOf(letters, 'letter')} to {group}
          </List.Item>
        ))}
        <List.Item>
          {plan.undecodable.length === 0
            ? 'All can be read by this version'
            : `${countOf(plan.undecodable.length, 'letter')} cannot be read, and would fail at once: ${plan.undecodable[0]?.reason}`}
        </List.Item>
        {plan.superseded.length > 0 && (
          <List.Item>
            {formatCount(plan.superseded.length)} belong to reviews that have changed since: statistics absorb
            them, a mail would come late
          </List.Item>
        )}
      </List>
    </Alert>
  )
}
