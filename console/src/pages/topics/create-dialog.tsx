import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { useCreateTopic } from '../../api/queries.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'

const dayMs = 86_400_000

export function CreateDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Create a topic">
      {opened && <CreateForm onClose={onClose} />}
    </Dialog>
  )
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [partitions, setPartitions] = useState(3)
  const [replicas, setReplicas] = useState(3)
  const [days, setDays] = useState(7)
  const create = useCreateTopic()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = { name, partitions, replication_factor: replicas, retention_ms: days * dayMs }
    await create.mutateAsync(body).then(
      () => {
        notifications.show({
          color: 'teal',
          title: `${name} is created`,
          message: `${partitions} partitions`,
        })
        onClose()
      },
      () => undefined,
    )
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          pattern="[A-Za-z0-9._\-]+"
          maxLength={249}
          required
          data-autofocus
        />
        <Group grow>
          <NumberInput
            label="Partitions"
            min={1}
            max={1_000}
            value={partitions}
            onChange={(value) => setPartitions(Number(value) || 1)}
          />
          <NumberInput
            label="Replicas"
            min={1}
            max={10}
            value={replicas}
            onChange={(value) => setReplicas(Number(value) || 1)}
          />
        </Group>
        <NumberInput
          label="Kept for"
          suffix=" days"
          min={1}
          max={3_650}
          value={days}
          onChange={(value) => setDays(Number(value) || 1)}
        />
        {create.error && <Failure error={create.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={name === ''}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
