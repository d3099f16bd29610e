import { Table, type TableTrProps } from '@mantine/core'
import type { KeyboardEvent, MouseEvent } from 'react'

interface RowLinkProps extends Omit<TableTrProps, 'onClick'> {
  readonly onOpen: () => void
  readonly label: string
  readonly selected?: boolean
}

/** A row that opens something: by click, by Enter, and reached by `j` and `k`. */
export function RowLink({ onOpen, label, selected = false, children, ...more }: RowLinkProps) {
  const open = (event: MouseEvent | KeyboardEvent) => {
    // What is inside has its own business; so has a dialog of the row's, which lies elsewhere in the page.
    if (!(event.target instanceof Element) || !event.currentTarget.contains(event.target)) return
    if (event.target.closest('a, button, input') !== null) return
    if (window.getSelection()?.toString()) return
    onOpen()
  }
  return (
    <Table.Tr
      data-row
      tabIndex={0}
      aria-label={label}
      aria-selected={selected}
      onClick={open}
      onKeyDown={(event) => event.key === 'Enter' && open(event)}
      style={{ cursor: 'pointer' }}
      data-selected={selected}
      {...more}
    >
      {children}
    </Table.Tr>
  )
}
