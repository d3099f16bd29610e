import { NumberInput, Text } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { TopicPage } from '../../../../src/ops/contract/topics.ts'
import { useDeleteTopic, useRetention } from '../../api/queries.ts'
import { Decision } from '../../parts/decision.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { countOf, formatRetention } from '../../parts/format.ts'

interface DialogProps {
  readonly topic: TopicPage
  readonly opened: boolean
  readonly onClose: () => void
}

const hourMs = 3_600_000

export function RetentionDialog({ topic, opened, onClose }: DialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={`Change how long ${topic.name} keeps records`}>
      <RetentionForm topic={topic} onClose={onClose} />
    </Dialog>
  )
}

function RetentionForm({ topic, onClose }: Omit<DialogProps, 'opened'>) {
  const [hours, setHours] = useState(Math.max(1, Math.round(topic.retention_ms / hourMs)))
  const change = useRetention(topic.name)
  const wanted = hours * hourMs
  const work = async () => {
    await change.mutateAsync({ retention_ms: wanted, confirm: topic.name })
    return { title: 'Retention is changed', message: `${topic.name}: ${formatRetention(wanted)}` }
  }
  const isShorter = topic.retention_ms < 0 || wanted < topic.retention_ms
  return (
    <Decision
      verb="Change"
      confirm={topic.name}
      blocked={wanted === topic.retention_ms ? 'It is kept for so long already' : null}
      work={work}
      onClose={onClose}
    >
      <Text size="sm">
        {formatRetention(topic.retention_ms)} → <b>{formatRetention(wanted)}</b>.{' '}
        {isShorter
          ? 'What is older than that is removed, and cannot be had back.'
          : 'Nothing is removed by it; more room is taken.'}
      </Text>
      <NumberInput
        label="Kept for"
        suffix=" hours"
        min={1}
        value={hours}
        onChange={(value) => setHours(Number(value) || 1)}
        data-autofocus
      />
    </Decision>
  )
}

export function DeleteDialog({ topic, opened, onClose }: DialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={`Delete ${topic.name}`}>
      <DeleteForm topic={topic} onClose={onClose} />
    </Dialog>
  )
}

function DeleteForm({ topic, onClose }: Omit<DialogProps, 'opened'>) {
  const [, navigate] = useLocation()
  const remove = useDeleteTopic(topic.name)
  const work = async () => {
    await remove.mutateAsync({ confirm: topic.name })
    navigate('/topics')
    return { title: `${topic.name} is deleted`, message: 'With all its records' }
  }
  const readers = topic.groups.length
  return (
    <Decision verb="Delete" confirm={topic.name} work={work} onClose={onClose}>
      <Text size="sm">
        The topic and its {countOf(topic.records, 'record')} are gone for good
        {readers > 0 && `; ${countOf(readers, 'group')} ${readers === 1 ? 'reads' : 'read'} it`}.
      </Text>
    </Decision>
  )
}
