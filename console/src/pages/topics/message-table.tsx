import { Text } from '@mantine/core'
import type { Message } from '../../../../src/ops/contract/messages.ts'
import { Ago } from '../../parts/ago.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { formatBytes, formatCount } from '../../parts/format.ts'
import { shortId } from '../../parts/short-id.ts'
import { StateMark } from '../../parts/state-mark.tsx'

const columns: readonly Column<Message>[] = [
  { name: 'Partition', cell: ({ partition }) => partition },
  { name: 'Offset', kind: 'number', cell: ({ offset }) => formatCount(offset) },
  { name: 'Time', cell: ({ timestamp }) => <Ago at={timestamp} /> },
  { name: 'Key', kind: 'code', maxWidth: 190, cell: ({ key }) => <Key of={key} /> },
  {
    name: 'Event',
    cell: ({ problem, event_type: type }) =>
      problem === null ? type : <StateMark mark="warning">{problem.split(':')[0]}</StateMark>,
  },
  {
    name: 'Value',
    kind: 'code',
    maxWidth: 330,
    cell: (message) => (
      <Text span inherit c="dimmed">
        {shortOf(message)}
      </Text>
    ),
  },
  { name: 'Size', kind: 'number', cell: ({ bytes }) => formatBytes(bytes) },
]

interface MessageTableProps {
  readonly messages: readonly Message[]
  readonly opened: string | null
  readonly onOpen: (place: string) => void
}

export function MessageTable({ messages, opened, onOpen }: MessageTableProps) {
  return (
    <DataTable
      label="Messages"
      columns={columns}
      rows={messages}
      keyOf={placeOf}
      open={{
        labelOf: ({ partition, offset }) => `Partition ${partition}, offset ${offset}`,
        onOpen: (message) => onOpen(placeOf(message)),
        isSelected: (message) => opened === placeOf(message),
      }}
    />
  )
}

function Key({ of: key }: { of: string | null }) {
  return key === null ? 'no key' : <span title={key}>{shortId(key)}</span>
}

export function placeOf({ partition, offset }: Message): string {
  return `${partition}-${offset}`
}

/** The event's own data, in one line, without what the key says already. */
function shortOf({ json, raw, key }: Message): string {
  if (json === null) return raw ?? '(hidden)'
  const parsed: unknown = JSON.parse(json.endsWith('}') || json.endsWith(']') ? json : 'null')
  const data = typeof parsed === 'object' && parsed !== null && 'data' in parsed ? parsed.data : parsed
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return JSON.stringify(data)
  return JSON.stringify(Object.fromEntries(Object.entries(data).filter(([, value]) => value !== key)))
}
