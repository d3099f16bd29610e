import { ActionIcon, type ActionIconProps, Button, type ButtonProps, Tooltip } from '@mantine/core'
import type { ConsoleRole } from '../../../src/ops/contract/session.ts'
import { useMay } from './session.ts'

interface Act {
  readonly needs: ConsoleRole
  /** Why it cannot be done to this one, whoever asks. */
  readonly blocked?: string | undefined
  readonly onAct: () => void
}

const everyWay = { hover: true, focus: true, touch: true }

/** Begins an act. One that is not for the caller stays in reach of pointer, finger and keyboard, to say why. */
export function ActButton({ needs, blocked, onAct, children, ...more }: Act & Omit<ButtonProps, 'disabled'>) {
  const why = useWhyNot(needs, blocked)
  return (
    <Tooltip label={why} disabled={why === null} events={everyWay}>
      <Button {...more} {...propsOf(why, onAct)}>
        {children}
      </Button>
    </Tooltip>
  )
}

/** The same as a sign alone. */
export function ActIcon({
  needs,
  blocked,
  onAct,
  label,
  children,
  ...more
}: Act & Omit<ActionIconProps, 'disabled'> & { readonly label: string }) {
  const why = useWhyNot(needs, blocked)
  return (
    <Tooltip label={why ?? label} events={everyWay}>
      <ActionIcon {...more} {...propsOf(why, onAct)} aria-label={label}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}

function useWhyNot(needs: ConsoleRole, blocked: string | undefined): string | null {
  const may = useMay(needs)
  return blocked ?? (may ? null : `This needs the role ${needs}`)
}

function propsOf(why: string | null, onAct: () => void) {
  return why === null
    ? { onClick: onAct }
    : { 'data-disabled': true, 'aria-disabled': true, 'aria-description': why }
}
