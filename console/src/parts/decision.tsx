import { Button, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import classes from './decision.module.css'
import { Failure } from './failure.tsx'

export interface Done {
  readonly title: string
  readonly message: string
}

interface DecisionProps {
  /** What the button says. */
  readonly verb: string
  /** For what cannot be undone: the words that have to be typed first. */
  readonly confirm?: string
  /** Why it cannot be done as things are; it stands beside the button. */
  readonly blocked?: string | null
  /** What there is to know beside the button when nothing is in the way. */
  readonly note?: ReactNode
  /** Does it, and says what was done. What it throws is shown, and the dialog stays. */
  readonly work: () => Promise<Done>
  readonly onClose: () => void
  /** What would happen, and how it can be changed. */
  readonly children: ReactNode
}

/** The content of every dialog that changes something: what would happen, what is in the way, and yes or no. */
export function Decision({ verb, confirm, blocked, note, work, onClose, children }: DecisionProps) {
  const [typed, setTyped] = useState('')
  const noteId = useId()
  const act = useMutation({
    mutationFn: work,
    onSuccess: (done) => {
      notifications.show({ color: 'teal', ...done })
      onClose()
    },
  })
  const untyped = confirm !== undefined && typed !== confirm
  const inTheWay = blocked ?? (untyped ? `Type ${confirm} first` : null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (inTheWay === null && !act.isPending) act.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {children}
        {confirm !== undefined && (
          <TextInput
            label={
              <Text size="sm" component="span" style={{ overflowWrap: 'anywhere' }}>
                Type <b>{confirm}</b> to confirm
              </Text>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
        )}
        {act.error && <Failure error={act.error} />}
        <div className={classes.foot}>
          <div id={noteId} className={classes.note} role="status">
            {inTheWay ?? note}
          </div>
          <div className={classes.buttons}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={act.isPending}
              disabled={inTheWay !== null}
              aria-describedby={noteId}
              {...(confirm !== undefined && { color: 'red' })}
            >
              {verb}
            </Button>
          </div>
        </div>
      </Stack>
    </form>
  )
}
