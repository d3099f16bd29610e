import { IconShieldCheck } from '@tabler/icons-react'
import type { AuditLine } from '../../../../src/ops/contract/audit.ts'
import { useAudit } from '../../api/queries.ts'
import { Ago } from '../../parts/ago.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { Pager } from '../../parts/pager.tsx'
import { useUrlState } from '../../parts/search-params.ts'

const columns: readonly Column<AuditLine>[] = [
  { name: 'Number', kind: 'number', cell: ({ number }) => number },
  { name: 'When', cell: ({ occurred_at: at }) => <Ago at={at} /> },
  { name: 'Who', cell: ({ actor }) => actor },
  { name: 'Did', cell: ({ action }) => action, strong: true },
  { name: 'To', kind: 'prose', cell: ({ target }) => target },
  { name: 'Details', kind: 'prose', cell: ({ details }) => textOf(details) },
]

/** Who did what: every act of an operator, each entry chained to the one before it. */
export function AuditPage() {
  const [url, setUrl] = useUrlState()
  const query = useAudit(url('before'))
  return (
    <Page
      title="Audit"
      about="Every act of an operator. Each entry is chained to the one before it by its hash."
    >
      <Panel>
        <Loaded query={query} rows={8}>
          {({ items, next_before: next }) => (
            <>
              <DataTable
                label="Audit"
                columns={columns}
                rows={items}
                keyOf={({ number }) => number}
                empty={
                  <Empty title="Nobody did anything yet" icon={IconShieldCheck}>
                    Replays, discards, resets and changes of topics show up here.
                  </Empty>
                }
              />
              <Pager
                names={['Newest', 'Older']}
                at={url('before')}
                next={next}
                onPage={(before) => setUrl({ before })}
              />
            </>
          )}
        </Loaded>
      </Panel>
    </Page>
  )
}

function textOf(details: AuditLine['details']): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')
}
