import { Anchor, Stack } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { useMessage } from '../../api/queries.ts'
import { Ago } from '../../parts/ago.tsx'
import { Copyable } from '../../parts/copyable.tsx'
import { Details } from '../../parts/details.tsx'
import { Sheet } from '../../parts/dialog.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { MessageView } from '../../parts/message-view.tsx'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'

interface MessageDrawerProps {
  readonly topic: string
  /** `partition-offset` */
  readonly place: string | null
  readonly onClose: () => void
}

export function MessageDrawer({ topic, place, onClose }: MessageDrawerProps) {
  const [partition = '', offset = ''] = place?.split('-') ?? []
  return (
    <Sheet opened={place !== null} onClose={onClose} title={`Partition ${partition}, offset ${offset}`}>
      {place !== null && <Content key={place} topic={topic} partition={partition} offset={offset} />}
    </Sheet>
  )
}

function Content({ topic, partition, offset }: { topic: string; partition: string; offset: string }) {
  const [revealed, setRevealed] = useState(false)
  const { data: message, error } = useMessage(topic, partition, offset, revealed)
  if (error) return <Failure error={error} />
  if (message === undefined) return <TableSkeleton rows={9} />
  if (message === null) return <Empty title="It is not there any more">Retention has removed it.</Empty>
  return (
    <Stack gap="lg">
      <Details
        items={[
          ['Time', <Ago key="time" at={message.timestamp} />],
          ['Key', message.key === null ? 'none' : <Copyable key="key" text={message.key} label="the key" />],
          ['Event', message.event_type ?? 'none'],
          [
            'Event id',
            message.event_id === null ? (
              'none'
            ) : (
              <Anchor
                key="id"
                component={Link}
                href={`/journey?id=${encodeURIComponent(message.event_id)}`}
                size="sm"
                underline="always"
              >
                {message.event_id}
              </Anchor>
            ),
          ],
        ]}
      />
      <MessageView
        message={message}
        revealed={revealed && !message.masked}
        onReveal={() => setRevealed(true)}
      />
    </Stack>
  )
}
