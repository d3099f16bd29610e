import { Button, Group, Table, Text } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useAudit } from '../../api/queries.ts'
import { Ago } from '../../parts/ago.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { useUrlState } from '../../parts/search-params.ts'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'

/** Who did what: every act of an operator, each entry chained to the one before it. */
export function AuditPage() {
  const [url, setUrl] = useUrlState()
  const { data, error, refetch } = useAudit(url('before'))
  return (
    <Page
      title="Audit"
      about="Every act of an operator. Each entry is chained to the one before it by its hash."
    >
      {error && !data ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : (
        <Panel>
          {!data ? (
            <TableSkeleton rows={8} />
          ) : data.items.length === 0 ? (
            <Empty title="Nobody did anything yet" icon={IconShieldCheck}>
              Replays, discards, resets and changes of topics show up here.
            </Empty>
          ) : (
            <Table.ScrollContainer minWidth={720} type="native">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th ta="right">Number</Table.Th>
                    <Table.Th>When</Table.Th>
                    <Table.Th>Who</Table.Th>
                    <Table.Th>Did</Table.Th>
                    <Table.Th>To</Table.Th>
                    <Table.Th>Details</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {data.items.map((entry) => (
                    <Table.Tr key={entry.number}>
                      <Table.Td ta="right">{entry.number}</Table.Td>
                      <Table.Td>
                        <Ago at={entry.occurred_at} />
                      </Table.Td>
                      <Table.Td>{entry.actor}</Table.Td>
                      <Table.Td fw={600}>{entry.action}</Table.Td>
                      <Table.Td>{entry.target}</Table.Td>
                      <Table.Td maw={360}>
                        <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
                          {Object.entries(entry.details)
                            .map(([name, value]) => `${name}: ${value}`)
                            .join(', ')}
                        </Text>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
          {data && (url('before') !== null || data.next_before !== null) && (
            <Group justify="space-between" p="sm">
              <Button
                size="xs"
                variant="default"
                disabled={url('before') === null}
                onClick={() => setUrl({ before: null })}
              >
                Newest
              </Button>
              <Button
                size="xs"
                variant="default"
                disabled={data.next_before === null}
                onClick={() => setUrl({ before: String(data.next_before) })}
              >
                Older
              </Button>
            </Group>
          )}
        </Panel>
      )}
    </Page>
  )
}
