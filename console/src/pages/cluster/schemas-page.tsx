import { Badge, Group, Select, Stack, Text } from '@mantine/core'
import { IconSchema } from '@tabler/icons-react'
import type { SubjectRow } from '../../../../src/ops/contract/cluster.ts'
import { useSchema, useSchemas } from '../../api/queries.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Sheet } from '../../parts/dialog.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { Scrolled } from '../../parts/scrolled.tsx'
import { useUrlState } from '../../parts/search-params.ts'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'
import { differences } from './differences.ts'
import classes from './schemas-page.module.css'

const columns: readonly Column<SubjectRow>[] = [
  { name: 'Subject', cell: ({ subject }) => subject, strong: true },
  { name: 'Versions', kind: 'number', cell: ({ versions }) => versions.length },
  {
    name: 'Compatibility',
    cell: ({ compatibility }) => (
      <Badge variant="light" color="gray">
        {compatibility ?? 'the registry’s default'}
      </Badge>
    ),
  },
]

/** What events may look like, and what changed between versions. */
export function SchemasPage() {
  const query = useSchemas()
  const [url, setUrl] = useUrlState()
  const opened = query.data?.find(({ subject }) => subject === url('subject')) ?? null
  return (
    <Page title="Schemas" about="What each event may look like, as the registry has it.">
      <Panel>
        <Loaded query={query} rows={8}>
          {(subjects) => (
            <DataTable
              label="Subjects"
              columns={columns}
              rows={subjects}
              keyOf={({ subject }) => subject}
              empty={
                <Empty title="No subjects" icon={IconSchema}>
                  They are registered when the stack starts, and by the relay.
                </Empty>
              }
              open={{
                labelOf: ({ subject }) => subject,
                onOpen: ({ subject }) => setUrl({ subject, version: null }),
                isSelected: ({ subject }) => opened?.subject === subject,
              }}
            />
          )}
        </Loaded>
      </Panel>
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
          <Scrolled label="Schema" className={classes.schema}>
            {differences(older.data.schema, newer.data.schema).map(({ kind, text, number }) => (
              <span key={`${number} ${kind}`} className={classes.line} data-kind={kind}>
                {kind === 'added' ? '+ ' : kind === 'removed' ? '− ' : '  '}
                {text}
                {'\n'}
              </span>
            ))}
          </Scrolled>
        </>
      )}
    </Stack>
  )
}
