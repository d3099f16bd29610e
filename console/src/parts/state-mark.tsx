import { Badge, type BadgeProps } from '@mantine/core'
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleXFilled,
  IconClockFilled,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'

export type Mark = 'ok' | 'idle' | 'late' | 'warning' | 'broken' | 'unknown'

export const marks = {
  ok: { color: 'teal', icon: IconCircleCheckFilled, word: 'on time' },
  idle: { color: 'gray', icon: IconCircleDashed, word: 'idle' },
  late: { color: 'yellow', icon: IconClockFilled, word: 'late' },
  warning: { color: 'yellow', icon: IconAlertTriangleFilled, word: 'warning' },
  broken: { color: 'red', icon: IconCircleXFilled, word: 'broken' },
  unknown: { color: 'gray', icon: IconCircleDashed, word: 'not seen' },
} as const satisfies Record<Mark, { color: string; icon: typeof IconCircleDashed; word: string }>

/** A state by colour, sign and word: never by colour alone. */
export function StateMark({
  mark,
  children,
  ...more
}: { mark: Mark; children?: ReactNode } & Omit<BadgeProps, 'color'> & { readonly title?: string }) {
  const { color, icon: Icon, word } = marks[mark]
  return (
    <Badge variant="light" color={color} leftSection={<Icon size={13} aria-hidden />} {...more}>
      {children ?? word}
    </Badge>
  )
}
