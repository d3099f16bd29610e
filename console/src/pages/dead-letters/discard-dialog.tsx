import { Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { type LetterFilter, useDiscard } from '../../api/queries.ts'
import { Decision } from '../../parts/decision.tsx'
import { Dialog } from '../../parts/dialog.tsx'
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
      <DiscardForm {...props} />
    </Dialog>
  )
}

function DiscardForm({ filter, count, onClose }: DiscardDialogProps) {
  const [reason, setReason] = useState('')
  const discard = useDiscard()
  const work = async () => {
    const { discarded } = await discard.mutateAsync({ filter, reason: reason.trim() })
    return { title: `${countOf(discarded, 'letter')} discarded`, message: reason.trim() }
  }
  return (
    <Decision
      verb="Discard"
      confirm={count === 1 ? 'discard' : `discard ${count}`}
      blocked={reason.trim() === '' ? 'Say why: it stands in the audit' : null}
      work={work}
      onClose={onClose}
    >
      <Text size="sm">
        {count === 1 ? 'Its effect' : 'Their effects'} will never happen. What was recorded stays on its
        topic.
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
    </Decision>
  )
}
