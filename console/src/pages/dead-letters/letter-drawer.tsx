import { Anchor, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Letter } from '../../../../src/ops/contract/dead-letters.ts'
import { useLetter, useLetterMessage } from '../../api/queries.ts'
import { Ago } from '../../parts/ago.tsx'
import { Copyable } from '../../parts/copyable.tsx'
import { Details } from '../../parts/details.tsx'
import { Sheet } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { countOf } from '../../parts/format.ts'
import { MessageView } from '../../parts/message-view.tsx'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'
import { LetterActs } from './letter-acts.tsx'
import { LetterStateMark } from './letter-state.tsx'

/** One letter: what failed, where it came from, and the event itself. */
export function LetterDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  return (
    <Sheet opened={id !== null} onClose={onClose} title={`Dead letter ${id ?? ''}`}>
      {id !== null && <LetterContent id={id} />}
    </Sheet>
  )
}

function LetterContent({ id }: { id: string }) {
  const { data: letter, error } = useLetter(id)
  if (error) return <Failure error={error} />
  if (!letter) return <TableSkeleton rows={10} />
  return (
    <Stack gap="lg">
      <Summary letter={letter} />
      <LetterActs filter={{ letter_ids: [letter.letter_id] }} count={1} state={letter.state} />
      <Value id={id} />
    </Stack>
  )
}

function Summary({ letter }: { letter: Letter }) {
  return (
    <Details
      items={[
        ['State', <LetterStateMark key="state" state={letter.state} />],
        [
          'Group',
          <Anchor
            key="group"
            component={Link}
            href={`/groups/${encodeURIComponent(letter.consumer_group)}`}
            size="sm"
            underline="always"
          >
            {letter.consumer_group}
          </Anchor>,
        ],
        [
          'Error',
          <Text key="error" size="sm" fw={600}>
            {letter.error_code}
          </Text>,
        ],
        ['Message', letter.error_message || '(none)'],
        ['Attempts', `${countOf(letter.attempts, 'attempt')}, ${countOf(letter.replays, 'replay')}`],
        ['First failed', <Ago key="first" at={letter.first_failed_at} />],
        ['Last failed', <Ago key="last" at={letter.failed_at} />],
        [
          'Came from',
          `${letter.original_topic}-${letter.original_partition}, offset ${letter.original_offset}`,
        ],
        [
          'Key',
          letter.record_key === null ? (
            'none'
          ) : (
            <Copyable key="key" text={letter.record_key} label="the key" />
          ),
        ],
        [
          'Event',
          letter.event_id === null ? (
            'no event id'
          ) : (
            <Group key="event" gap="xs">
              <Copyable text={letter.event_id} label="the event id" />
              <Anchor
                component={Link}
                href={`/journey?id=${encodeURIComponent(letter.event_id)}`}
                size="sm"
                underline="always"
              >
                Journey
              </Anchor>
            </Group>
          ),
        ],
        ...(letter.discard_reason === null ? [] : ([['Discarded because', letter.discard_reason]] as const)),
      ]}
    />
  )
}

function Value({ id }: { id: string }) {
  const [revealed, setRevealed] = useState(false)
  const { data: message, error } = useLetterMessage(id, revealed)
  if (error) return <Failure error={error} />
  if (!message) return <TableSkeleton rows={6} />
  return (
    <MessageView
      message={message}
      revealed={revealed && !message.masked}
      onReveal={() => setRevealed(true)}
    />
  )
}
