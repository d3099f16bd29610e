import { Button, Group, Table, Text } from '@mantine/core'
import { type LetterFilter, useLetters } from '../../api/queries.ts'
import { Ago } from '../../parts/ago.tsx'
import { Copyable } from '../../parts/copyable.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { formatCount } from '../../parts/format.ts'
import { Panel } from '../../parts/page.tsx'
import { RowLink } from '../../parts/row-link.tsx'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'
import { LetterStateMark } from './letter-state.tsx'

interface LettersProps {
  readonly filter: LetterFilter
  readonly after: string | null
  readonly opened: string | null
  readonly onPage: (after: string | null) => void
  readonly onOpen: (id: number) => void
}

export function Letters({ filter, after, opened, onPage, onOpen }: LettersProps) {
  const { data: page, error, refetch } = useLetters(filter, after)
  if (error && !page) return <Failure error={error} retry={() => void refetch()} />
  return (
    <Panel title={`Letters of ${filter.consumer_group ?? 'all groups'}`}>
      {!page ? (
        <TableSkeleton rows={8} />
      ) : page.items.length === 0 ? (
        <Empty title="None any more">They were replayed, resolved or discarded since.</Empty>
      ) : (
        <Table.ScrollContainer minWidth={860} type="native">
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Letter</Table.Th>
                <Table.Th>Key</Table.Th>
                <Table.Th>Event</Table.Th>
                <Table.Th>Error</Table.Th>
                <Table.Th ta="right">Attempts</Table.Th>
                <Table.Th ta="right">Replays</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>Failed</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {page.items.map((letter) => (
                <RowLink
                  key={letter.letter_id}
                  onOpen={() => onOpen(letter.letter_id)}
                  selected={opened === String(letter.letter_id)}
                  label={`Letter ${letter.letter_id}`}
                >
                  <Table.Td fw={600}>{letter.letter_id}</Table.Td>
                  <Table.Td maw={180}>
                    {letter.record_key === null ? (
                      <Text size="xs" c="dimmed">
                        no key
                      </Text>
                    ) : (
                      <Copyable text={letter.record_key} label="the key" />
                    )}
                  </Table.Td>
                  <Table.Td>
                    {letter.event_type ?? (
                      <Text size="xs" c="dimmed" span>
                        no event
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td maw={300}>
                    <Text size="xs" truncate title={letter.error_message}>
                      {letter.error_message || letter.error_code}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right">{formatCount(letter.attempts)}</Table.Td>
                  <Table.Td ta="right">{letter.replays}</Table.Td>
                  <Table.Td>
                    <LetterStateMark state={letter.state} />
                  </Table.Td>
                  <Table.Td>
                    <Ago at={letter.failed_at} />
                  </Table.Td>
                </RowLink>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {page && (after !== null || page.next_after !== null) && (
        <Group justify="space-between" p="sm">
          <Button size="xs" variant="default" disabled={after === null} onClick={() => onPage(null)}>
            From the first
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={page.next_after === null}
            onClick={() => onPage(String(page.next_after))}
          >
            Next
          </Button>
        </Group>
      )}
    </Panel>
  )
}
