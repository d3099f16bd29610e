import { Badge, Group, Select, Stack, Table, Text } from '@mantine/core'
import { IconSchema } from '@tabler/icons-react'
import type { SubjectRow } from '../../../../src/ops/contract/cluster.ts'
import { useSchema, useSchemas } from '../../api/queries.ts'
import { Sheet } from '../../parts/dialog.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { RowLink } from '../../parts/row-link.tsx'
import { useUrlState } from '../../parts/search-params.ts'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'
import { differences } from './differences.ts'
import classes from './schemas-page.module.css'

/** What events may look like, and what changed between versions. */
export function SchemasPage() {
  const { data: subjects, error, refetch } = useSchemas()
  const [url, setUrl] = useUrlState()
  const opened = subjects?.find(({ subject }) => subject === url('subject')) ?? null
  return (
    <Page title="Schemas" about="What each event may look like, as the registry has it.">
      {error && !subjects ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : (
        <Panel>
          {!subjects ? (
            <TableSkeleton rows={8} />
          ) : subjects.length === 0 ? (
            <Empty title="No subjects" icon={IconSchema}>
              They are registered when the stack starts, and by the relay.
            </Empty>
          ) : (
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Subject</Table.Th>
                  <Table.Th ta="right">Versions</Table.Th>
                  <Table.Th>Compatibility</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {subjects.map((row) => (
                  <RowLink
                    key={row.subject}
                    label={row.subject}
                    selected={opened?.subject === row.subject}
                    onOpen={() => setUrl({ subject: row.subject, version: null })}
                  >
                    <Table.Td fw={600}>{row.subject}</Table.Td>
                    <Table.Td ta="right">{row.versions.length}</Table.Td>
                    <Table.Td>
                      <Badge variant="light" color="gray">
                        {row.compatibility ?? 'the registry’s default'}
                      </Badge>
                    </Table.Td>
                  </RowLink>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Panel>
      )}
      <Sheet
        opened={opened !== null}
        onClose={() => setUrl({ subject: null, version: null, against: null })}
        title={opened?.subject ?? ''}
      >
        {opened && <Versions key={opened.subject} row={opened} />}
      </Sheet>
    </Page>
  )
}

function Versions({ row }: { row: SubjectRow }) {
  const [url, setUrl] = useUrlState()
  const versions = row.versions.map(String)
  const version = url('version') ?? versions.at(-1) ?? '1'
  const against = url('against')
  const newer = useSchema(row.subject, version)
  const older = useSchema(row.subject, against ?? version)
  if (newer.error || older.error) return <Failure error={newer.error ?? older.error} />
  return (
    <Stack>
      <Group grow>
        <Select
          size="xs"
          label="Version"
          data={versions}
          value={version}
          onChange={(value) => setUrl({ version: value }, 'replace')}
          allowDeselect={false}
        />
        <Select
          size="xs"
          label="Compared with"
          data={versions.filter((one) => one !== version)}
          value={against}
          onChange={(value) => setUrl({ against: value }, 'replace')}
          placeholder={versions.length > 1 ? 'none' : 'there is no other'}
          clearable
          disabled={versions.length < 2}
        />
      </Group>
      {!newer.data || !older.data ? (
        <TableSkeleton rows={12} />
      ) : (
        <>
          <Text size="xs" c="dimmed">
            Schema id {newer.data.id}
          </Text>
          <pre className={classes.schema}>
            {differences(older.data.schema, newer.data.schema).map(({ kind, text, number }) => (
              <span key={`${number} ${kind}`} className={classes.line} data-kind={kind}>
                {kind === 'added' ? '+ ' : kind === 'removed' ? '− ' : '  '}
                {text}
                {'\n'}
              </span>
            ))}
          </pre>
        </>
      )}
    </Stack>
  )
}
