import { Alert, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { GroupDetails, ResetPreview as Preview } from '../../../../src/ops/contract/groups.ts'
import { useReset, useResetPreview } from '../../api/queries.ts'
import { Command } from '../../parts/command.tsx'
import { Decision } from '../../parts/decision.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { countOf } from '../../parts/format.ts'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'
import { ResetPreview } from './reset-preview.tsx'
import { type Place, PlaceFields, placeKinds, targetOf } from './reset-target.tsx'
import { workerOf } from './worker-of.ts'

const retryTopic = 'retry.queue'

interface ResetDialogProps {
  readonly group: GroupDetails
  readonly opened: boolean
  readonly onClose: () => void
}

/** Sets where a group goes on from, after showing what that means for each partition. */
export function ResetDialog({ group, opened, onClose }: ResetDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={`Reset offsets of ${group.group}`} size="xl">
      <ResetForm group={group} onClose={onClose} />
    </Dialog>
  )
}

function ResetForm({ group, onClose }: Omit<ResetDialogProps, 'opened'>) {
  const [topic, setTopic] = useState(busiestTopic(group))
  const [place, setPlace] = useState<Place>({ kind: 'earliest', moment: '', offset: 0, partition: 0 })
  const [settled] = useDebouncedValue(place, 250)
  const target = targetOf(settled)
  const preview = useResetPreview(
    { group: group.group, topic, target: target ?? { to: 'latest' } },
    target !== null && topic !== '',
  )
  // What is shown while another place is asked about is not what would be done.
  const isOutdated = settled !== place || preview.isPlaceholderData
  const reset = useReset()
  const work = async () => {
    if (target) await reset.mutateAsync({ group: group.group, topic, target })
    return { title: 'Offsets are set', message: `${group.group} goes on from there when it starts.` }
  }
  return (
    <Decision
      verb="Reset"
      confirm={group.group}
      blocked={inTheWay(target !== null, isOutdated ? undefined : preview.data)}
      work={work}
      onClose={onClose}
    >
      <Select
        label="Topic"
        data={[...group.topics]}
        value={topic}
        onChange={(value) => setTopic(value ?? topic)}
        allowDeselect={false}
        data-autofocus
      />
      <SegmentedControl
        data={placeKinds}
        value={place.kind}
        onChange={(kind) => setPlace({ ...place, kind })}
        aria-label="Go on from"
      />
      <PlaceFields place={place} onChange={setPlace} />
      {preview.error ? (
        <Failure error={preview.error} />
      ) : !target ? (
        <Text size="sm" c="dimmed">
          Choose a moment to see what would happen.
        </Text>
      ) : preview.data ? (
        <ResetPreview preview={preview.data} />
      ) : (
        <TableSkeleton rows={4} />
      )}
      {preview.data && !preview.data.allowed && <Active preview={preview.data} />}
    </Decision>
  )
}

function inTheWay(hasTarget: boolean, preview: Preview | undefined): string | null {
  if (!hasTarget) return 'Choose a moment first'
  if (!preview) return 'The preview is under way'
  return preview.allowed ? null : 'Stop its members first'
}

/** The topic on which the group has got furthest, retries aside: what a reset is most often about. */
function busiestTopic({ partitions, topics }: GroupDetails): string {
  const committed = (name: string) =>
    partitions.filter(({ topic }) => topic === name).reduce((sum, one) => sum + (one.committed ?? 0), 0)
  const isRetries = (name: string) => Number(name === retryTopic)
  return topics.toSorted((a, b) => isRetries(a) - isRetries(b) || committed(b) - committed(a))[0] ?? ''
}

function Active({ preview }: { preview: Preview }) {
  const worker = workerOf(preview.group)
  return (
    <Alert
      color="yellow"
      variant="light"
      title={`Not while the group has ${countOf(preview.members, 'member')}`}
    >
      <Stack gap={6}>
        <Text size="sm">
          Members would go on committing from where they are, so stop them first. This page sees it when they
          are gone.
        </Text>
        {worker && <Command text={`npm run -s thereview -- stop ${worker}`} />}
      </Stack>
    </Alert>
  )
}
