import { Table, VisuallyHidden } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import type { ReactNode } from 'react'
import classes from './data-table.module.css'
import { RowLink } from './row-link.tsx'

export interface Column<Row> {
  readonly name: string
  readonly cell: (row: Row) => ReactNode
  /** Numbers and acts stand to the right, prose alone takes more than one line, and code is for machines. */
  readonly kind?: 'number' | 'acts' | 'code' | 'prose'
  /** In pixels; what is longer is cut off, so the cell has to say it whole elsewhere. */
  readonly maxWidth?: number
  readonly strong?: boolean | ((row: Row) => boolean)
  /** Its name is for those who cannot see that it needs none. */
  readonly nameHidden?: boolean
}

interface DataTableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string | number
  /** What is shown where there are no rows. */
  readonly empty?: ReactNode
  /** For rows that open something. */
  readonly open?: {
    readonly labelOf: (row: Row) => string
    readonly onOpen: (row: Row) => void
    readonly isSelected?: (row: Row) => boolean
  }
}

/** A table that scrolls sideways where it has no room: also by keys, once there is something to scroll. */
export function DataTable<Row>({ label, columns, rows, keyOf, empty, open }: DataTableProps<Row>) {
  const outer = useElementSize()
  const inner = useElementSize<HTMLTableElement>()
  const scrolls = inner.width > outer.width + 1
  if (rows.length === 0 && empty !== undefined) return empty
  const cellsOf = (row: Row) =>
    columns.map(({ name, cell, kind, maxWidth, strong }) => (
      <Table.Td
        key={name}
        data-kind={kind}
        data-strong={typeof strong === 'function' ? strong(row) : strong}
        {...(maxWidth !== undefined && { maw: maxWidth })}
      >
        {cell(row)}
      </Table.Td>
    ))
  return (
    <div
      ref={outer.ref}
      className={classes.scroll}
      {...(scrolls && { role: 'region', 'aria-label': label, tabIndex: 0 })}
    >
      <Table ref={inner.ref} aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ name, kind, nameHidden }) => (
              <Table.Th key={name} data-kind={kind}>
                {nameHidden ? <VisuallyHidden>{name}</VisuallyHidden> : name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) =>
            open ? (
              <RowLink
                key={keyOf(row)}
                label={open.labelOf(row)}
                onOpen={() => open.onOpen(row)}
                selected={open.isSelected?.(row) ?? false}
              >
                {cellsOf(row)}
              </RowLink>
            ) : (
              <Table.Tr key={keyOf(row)}>{cellsOf(row)}</Table.Tr>
            ),
          )}
        </Table.Tbody>
      </Table>
    </div>
  )
}
