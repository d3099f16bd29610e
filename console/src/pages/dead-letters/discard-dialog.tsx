import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { type LetterFilter, useDiscard } from '../../api/queries.ts'
import { ConfirmName } from '../../parts/confirm-name.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { countOf } from '../../parts/format.ts'

interface DiscardDialogProps {
  readonly filter: LetterFilter
  readonly count: number
  readonly opened: boolean
  readonly onClose: () => void
}

/** Sets letters aside for good, with the reason. */
export function DiscardDialog(props: DiscardDialogProps) {
  const { count, opened, onClose } = props
  return (
    <Dialog opened={opened} onClose={onClose} title={`Discard ${countOf(count, 'letter')}`}>
      {opened && <DiscardForm {...props} />}
    </Dialog>
  )
}

function DiscardForm({ filter, count, onClose }: DiscardDialogProps) {
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const discard = useDiscard()
  const word = count === 1 ? 'discard' : `discard ${count}`
  const submit = async () => {
    const { discarded } = await discard.mutateAsync({ filter, reason: reason.trim() })
    notifications.show({
      color: 'teal',
      title: `${countOf(discarded, 'letter')} discarded`,
      message: reason.trim(),
    })
    onClose()
  }
  return (
    <Stack>
      <Text size="sm">
        Their effect will never happen. The records stay on their topic, and the reason in the audit.
      </Text>
      <Textarea
        label="Reason"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        minRows={2}
        autosize
        maxLength={500}
        required
        data-autofocus
      />
      <ConfirmName name={word} typed={typed} onChange={setTyped} />
      {discard.error && <Failure error={discard.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          color="red"
          onClick={() => void submit().catch(() => undefined)}
          loading={discard.isPending}
          disabled={reason.trim() === '' || typed !== word}
        >
          Discard
        </Button>
      </Group>
    </Stack>
  )
}
