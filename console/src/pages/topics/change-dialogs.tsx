import { Button, Group, NumberInput, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { TopicPage } from '../../../../src/ops/contract/topics.ts'
import { useDeleteTopic, useRetention } from '../../api/queries.ts'
import { ConfirmName } from '../../parts/confirm-name.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { countOf, formatRetention } from '../../parts/format.ts'

interface DialogProps {
  readonly topic: TopicPage
  readonly opened: boolean
  readonly onClose: () => void
}

const hourMs = 3_600_000

export function RetentionDialog({ topic, opened, onClose }: DialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Change how long records are kept">
      {opened && <RetentionForm topic={topic} onClose={onClose} />}
    </Dialog>
  )
}

function RetentionForm({ topic, onClose }: Omit<DialogProps, 'opened'>) {
  const [hours, setHours] = useState(Math.max(1, Math.round(topic.retention_ms / hourMs)))
  const [typed, setTyped] = useState('')
  const change = useRetention(topic.name)
  const submit = async () => {
    await change.mutateAsync({ retention_ms: hours * hourMs, confirm: typed })
    notifications.show({
      color: 'teal',
      title: 'Retention is changed',
      message: `${topic.name}: ${formatRetention(hours * hourMs)}`,
    })
    onClose()
  }
  return (
    <Stack>
      <Text size="sm">
        Now {formatRetention(topic.retention_ms)}. What is older than the new time is removed, and cannot be
        had back.
      </Text>
      <NumberInput
        label="Kept for"
        suffix=" hours"
        min={1}
        value={hours}
        onChange={(value) => setHours(Number(value) || 1)}
      />
      <ConfirmName name={topic.name} typed={typed} onChange={setTyped} />
      {change.error && <Failure error={change.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          color="red"
          onClick={() => void submit().catch(() => undefined)}
          loading={change.isPending}
          disabled={typed !== topic.name}
        >
          Change
        </Button>
      </Group>
    </Stack>
  )
}

export function DeleteDialog({ topic, opened, onClose }: DialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={`Delete ${topic.name}`}>
      {opened && <DeleteForm topic={topic} onClose={onClose} />}
    </Dialog>
  )
}

function DeleteForm({ topic, onClose }: Omit<DialogProps, 'opened'>) {
  const [typed, setTyped] = useState('')
  const [, navigate] = useLocation()
  const remove = useDeleteTopic(topic.name)
  const submit = async () => {
    await remove.mutateAsync({ confirm: typed })
    notifications.show({ color: 'teal', title: `${topic.name} is deleted`, message: 'With all its records' })
    navigate('/topics')
  }
  return (
    <Stack>
      <Text size="sm">
        {countOf(topic.records, 'record')} and the topic itself are gone for good
        {topic.groups.length > 0 && `; ${countOf(topic.groups.length, 'group')} read it`}.
      </Text>
      <ConfirmName name={topic.name} typed={typed} onChange={setTyped} />
      {remove.error && <Failure error={remove.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          color="red"
          onClick={() => void submit().catch(() => undefined)}
          loading={remove.isPending}
          disabled={typed !== topic.name}
        >
          Delete
        </Button>
      </Group>
    </Stack>
  )
}
