import type { ResetPreview as Preview } from '../../../../src/ops/contract/groups.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { countOf, formatCount } from '../../parts/format.ts'

type Row = Preview['rows'][number]

const columns: readonly Column<Row>[] = [
  { name: 'Partition', cell: ({ partition }) => partition },
  { name: 'Before', kind: 'number', cell: ({ before }) => (before === null ? 'none' : formatCount(before)) },
  { name: 'After', kind: 'number', cell: ({ after }) => formatCount(after), strong: true },
  { name: 'So', cell: ({ again }) => meaning(again) },
  { name: 'Holds', kind: 'number', cell: ({ first, end }) => `${formatCount(first)}–${formatCount(end)}` },
]

/** Before and after, with what it means. */
export function ResetPreview({ preview }: { preview: Preview }) {
  return (
    <DataTable label="Preview" columns={columns} rows={preview.rows} keyOf={({ partition }) => partition} />
  )
}

function meaning(again: number): string {
  if (again === 0) return 'nothing changes'
  const records = countOf(Math.abs(again), 'record')
  const one = Math.abs(again) === 1
  if (again > 0) return `${records} ${one ? 'comes' : 'come'} again`
  return `${records} never ${one ? 'comes' : 'come'}`
}
