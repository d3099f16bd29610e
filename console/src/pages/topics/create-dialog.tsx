import { Group, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useCreateTopic } from '../../api/queries.ts'
import { Decision } from '../../parts/decision.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { countOf } from '../../parts/format.ts'

const dayMs = 86_400_000
const allowed = /^[A-Za-z0-9._-]+$/

export function CreateDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Create a topic">
      <CreateForm onClose={onClose} />
    </Dialog>
  )
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [partitions, setPartitions] = useState(3)
  const [replicas, setReplicas] = useState(3)
  const [days, setDays] = useState(7)
  const create = useCreateTopic()
  const work = async () => {
    await create.mutateAsync({
      name,
      partitions,
      replication_factor: replicas,
      retention_ms: days * dayMs,
    })
    return { title: `${name} is created`, message: countOf(partitions, 'partition') }
  }
  const isWrong = name !== '' && !allowed.test(name)
  return (
    <Decision
      verb="Create"
      blocked={name === '' ? 'It needs a name' : isWrong ? 'Its name is not one that Kafka takes' : null}
      work={work}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={isWrong && 'Letters, digits, dots, underscores and hyphens'}
        maxLength={249}
        autoComplete="off"
        spellCheck={false}
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
    </Decision>
  )
}
