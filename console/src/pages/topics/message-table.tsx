import { Table, Text } from '@mantine/core'
import type { Message } from '../../../../src/ops/contract/messages.ts'
import { Ago } from '../../parts/ago.tsx'
import { formatBytes, formatCount } from '../../parts/format.ts'
import { RowLink } from '../../parts/row-link.tsx'
import { StateMark } from '../../parts/state-mark.tsx'

interface MessageTableProps {
  readonly messages: readonly Message[]
  readonly opened: string | null
  readonly onOpen: (place: string) => void
}

export function MessageTable({ messages, opened, onOpen }: MessageTableProps) {
  return (
    <Table.ScrollContainer minWidth={860} type="native">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right">Partition</Table.Th>
            <Table.Th ta="right">Offset</Table.Th>
            <Table.Th>Time</Table.Th>
            <Table.Th>Key</Table.Th>
            <Table.Th>Event</Table.Th>
            <Table.Th>Value</Table.Th>
            <Table.Th ta="right">Size</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {messages.map((message) => {
            const place = placeOf(message)
            return (
              <RowLink
                key={place}
                onOpen={() => onOpen(place)}
                selected={opened === place}
                label={`Partition ${message.partition}, offset ${message.offset}`}
              >
                <Table.Td ta="right">{message.partition}</Table.Td>
                <Table.Td ta="right">{formatCount(message.offset)}</Table.Td>
                <Table.Td>
                  <Ago at={message.timestamp} />
                </Table.Td>
                <Table.Td maw={170}>
                  <Text size="xs" ff="monospace" truncate>
                    {message.key ?? 'no key'}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {message.problem === null ? (
                    message.event_type
                  ) : (
                    <StateMark mark="warning">{message.problem.split(':')[0]}</StateMark>
                  )}
                </Table.Td>
                <Table.Td maw={330}>
                  <Text size="xs" ff="monospace" c="dimmed" truncate>
                    {shortOf(message)}
                  </Text>
                </Table.Td>
                <Table.Td ta="right">{formatBytes(message.bytes)}</Table.Td>
              </RowLink>
            )
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

export function placeOf({ partition, offset }: Message): string {
  return `${partition}-${offset}`
}

/** The event's own data, in one line. */
function shortOf({ json, raw }: Message): string {
  if (json === null) return raw ?? '(hidden)'
  const parsed: unknown = JSON.parse(json.endsWith('}') || json.endsWith(']') ? json : 'null')
  const data = typeof parsed === 'object' && parsed !== null && 'data' in parsed ? parsed.data : parsed
  return JSON.stringify(data)
}
