import {
  Alert,
  Button,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { GroupDetails, ResetPreview, ResetTarget } from '../../../../src/ops/contract/groups.ts'
import { useReset, useResetPreview } from '../../api/queries.ts'
import { Command } from '../../parts/command.tsx'
import { ConfirmName } from '../../parts/confirm-name.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { countOf, formatCount } from '../../parts/format.ts'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'
import { workerOf } from './worker-of.ts'

interface ResetDialogProps {
  readonly group: GroupDetails
  readonly opened: boolean
  readonly onClose: () => void
}

/** Sets where a group goes on from, after showing what that means for each partition. */
export function ResetDialog({ group, opened, onClose }: ResetDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={`Reset offsets of ${group.group}`} size="xl">
      {opened && <ResetForm group={group} onClose={onClose} />}
    </Dialog>
  )
}

const kinds = [
  { value: 'earliest', label: 'First record' },
  { value: 'latest', label: 'End' },
  { value: 'time', label: 'Moment' },
  { value: 'offset', label: 'Offset' },
]

function ResetForm({ group, onClose }: { group: GroupDetails; onClose: () => void }) {
  const [topic, setTopic] = useState(busiestTopic(group))
  const [kind, setKind] = useState('earliest')
  const [moment, setMoment] = useState('')
  const [offset, setOffset] = useState(0)
  const [partition, setPartition] = useState(0)
  const [typed, setTyped] = useState('')
  const [target] = useDebouncedValue(targetOf(kind, { moment, offset, partition }), 250)
  const preview = useResetPreview(
    { group: group.group, topic, target: target ?? { to: 'latest' } },
    target !== null && topic !== '',
  )
  const reset = useReset()
  const submit = async () => {
    if (!target) return
    await reset.mutateAsync({ group: group.group, topic, target })
    notifications.show({
      color: 'teal',
      title: 'Offsets are set',
      message: `${group.group} goes on from there when it starts.`,
    })
    onClose()
  }
  return (
    <Stack>
      <Group align="flex-end">
        <Select
          label="Topic"
          data={[...group.topics]}
          value={topic}
          onChange={(value) => setTopic(value ?? topic)}
          allowDeselect={false}
        />
        <SegmentedControl data={kinds} value={kind} onChange={setKind} aria-label="Go on from" />
      </Group>
      {kind === 'time' && (
        <TextInput
          type="datetime-local"
          step={1}
          label="The first record not before"
          value={moment}
          onChange={(event) => setMoment(event.currentTarget.value)}
        />
      )}
      {kind === 'offset' && (
        <Group grow>
          <NumberInput
            label="Partition"
            min={0}
            value={partition}
            onChange={(value) => setPartition(Number(value) || 0)}
          />
          <NumberInput
            label="Offset"
            min={0}
            value={offset}
            onChange={(value) => setOffset(Number(value) || 0)}
          />
        </Group>
      )}
      {preview.error ? (
        <Failure error={preview.error} />
      ) : preview.data && target ? (
        <Preview preview={preview.data} />
      ) : target ? (
        <TableSkeleton rows={4} />
      ) : (
        <Text size="sm" c="dimmed">
          Choose a moment to see what would happen.
        </Text>
      )}
      {preview.data && !preview.data.allowed && <Active preview={preview.data} />}
      <ConfirmName name={group.group} typed={typed} onChange={setTyped} />
      {reset.error && <Failure error={reset.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          color="red"
          onClick={() => void submit().catch(() => undefined)}
          loading={reset.isPending}
          disabled={!preview.data?.allowed || !target || typed !== group.group}
        >
          Reset
        </Button>
      </Group>
    </Stack>
  )
}

/** The topic on which the group has got furthest: what a reset is most often about. */
function busiestTopic({ partitions, topics }: GroupDetails): string {
  const committed = (name: string) =>
    partitions.filter(({ topic }) => topic === name).reduce((sum, one) => sum + (one.committed ?? 0), 0)
  return topics.toSorted((a, b) => committed(b) - committed(a))[0] ?? ''
}

function targetOf(
  kind: string,
  given: { moment: string; offset: number; partition: number },
): ResetTarget | null {
  switch (kind) {
    case 'time':
      return given.moment === '' ? null : { to: 'time', at: new Date(given.moment).toISOString() }
    case 'offset':
      return { to: 'offset', offset: given.offset, partition: given.partition }
    default:
      return { to: kind === 'latest' ? 'latest' : 'earliest' }
  }
}

function Active({ preview }: { preview: ResetPreview }) {
  const worker = workerOf(preview.group)
  return (
    <Alert
      color="yellow"
      variant="light"
      title={`Not while the group has ${countOf(preview.members, 'member')}`}
    >
      <Stack gap={6}>
        <Text size="sm">
          Stop them first: they would go on committing from where they are. This page sees it when they are
          gone.
        </Text>
        {worker && <Command text={`npm run -s thereview -- stop ${worker}`} />}
      </Stack>
    </Alert>
  )
}

/** Before and after, with what it means. */
function Preview({ preview }: { preview: ResetPreview }) {
  return (
    <Table.ScrollContainer minWidth={520} type="native">
      <Table aria-label="Preview">
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right">Partition</Table.Th>
            <Table.Th ta="right">Before</Table.Th>
            <Table.Th ta="right">After</Table.Th>
            <Table.Th ta="right">Has</Table.Th>
            <Table.Th>So</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.rows.map((row) => (
            <Table.Tr key={row.partition}>
              <Table.Td ta="right">{row.partition}</Table.Td>
              <Table.Td ta="right">{row.before === null ? 'none' : formatCount(row.before)}</Table.Td>
              <Table.Td ta="right" fw={650}>
                {formatCount(row.after)}
              </Table.Td>
              <Table.Td ta="right">
                {formatCount(row.first)}–{formatCount(row.end)}
              </Table.Td>
              <Table.Td>{meaning(row.again)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function meaning(again: number): string {
  if (again === 0) return 'nothing changes'
  const records = countOf(Math.abs(again), 'record')
  const one = Math.abs(again) === 1
  if (again > 0) return `${records} ${one ? 'comes' : 'come'} again`
  return `${records} never ${one ? 'comes' : 'come'}`
}
