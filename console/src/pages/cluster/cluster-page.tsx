import { Progress, Stack, Text } from '@mantine/core'
import type { ClusterPage as Cluster } from '../../../../src/ops/contract/cluster.ts'
import { useCluster } from '../../api/queries.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Figures } from '../../parts/figures.tsx'
import { formatBytes, formatCount } from '../../parts/format.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { type Mark, StateMark } from '../../parts/state-mark.tsx'

/** The brokers and their controllers, and the partitions that are not as they should be. */
export function ClusterPage() {
  const query = useCluster()
  return (
    <Page title="Brokers" about="Who leads, who lags, and how full the disks are.">
      <Loaded query={query} rows={8}>
        {(cluster) => <Content cluster={cluster} />}
      </Loaded>
    </Page>
  )
}

function Content({ cluster }: { cluster: Cluster }) {
  const up = cluster.brokers.filter((broker) => broker.up).length
  return (
    <Stack gap="md">
      <Figures
        items={[
          ['Brokers', `${up} of ${cluster.brokers.length}`],
          ['Controller', cluster.controller === null ? '–' : `broker ${cluster.controller}`],
          ['Offline', <Count key="offline" of={cluster.offline} bad="broken" />],
          ['Below min in-sync', <Count key="isr" of={cluster.below_min_isr} bad="broken" />],
          ['Under-replicated', <Count key="under" of={cluster.under_replicated} bad="warning" />],
        ]}
      />
      <Panel
        title="Brokers"
        aside={
          <Text size="xs" c="dimmed" ff="monospace">
            {cluster.cluster_id}
          </Text>
        }
      >
        <Brokers cluster={cluster} />
      </Panel>
      <Trouble title="Partitions without a leader" labels={cluster.offline} />
      <Trouble
        title="Partitions below min.insync.replicas: they take no writes"
        labels={cluster.below_min_isr}
      />
      <Trouble title="Partitions that lack a replica" labels={cluster.under_replicated} />
    </Stack>
  )
}

function Count({ of, bad }: { of: readonly string[]; bad: Mark }) {
  return (
    <StateMark mark={of.length === 0 ? 'ok' : bad}>
      {of.length === 0 ? 'none' : formatCount(of.length)}
    </StateMark>
  )
}

type Broker = Cluster['brokers'][number]

function Brokers({ cluster }: { cluster: Cluster }) {
  const columns: readonly Column<Broker>[] = [
    { name: 'Broker', cell: (broker) => <Name broker={broker} /> },
    {
      name: 'State',
      cell: ({ up }) => <StateMark mark={up ? 'ok' : 'broken'}>{up ? 'up' : 'away'}</StateMark>,
    },
    { name: 'Controller', cell: ({ id }) => partOf(cluster.quorum.find((voter) => voter.id === id)) },
    { name: 'Leads', kind: 'number', cell: ({ leads }) => leads },
    { name: 'Replicas', kind: 'number', cell: ({ replicas }) => replicas },
    { name: 'Out of sync', kind: 'number', cell: ({ out_of_sync: outOfSync }) => outOfSync },
    { name: 'Records take', kind: 'number', cell: ({ bytes }) => formatBytes(bytes) },
    { name: 'Disk', cell: ({ disk_total: total, disk_free: free }) => <Disk total={total} free={free} /> },
  ]
  return <DataTable label="Brokers" columns={columns} rows={cluster.brokers} keyOf={({ id }) => id} />
}

function Name({ broker: { id, address } }: { broker: Broker }) {
  return (
    <>
      <b>{id}</b>{' '}
      <Text size="xs" c="dimmed" span>
        {address}
      </Text>
    </>
  )
}

/** What a broker does among the controllers. */
function partOf(voter: Cluster['quorum'][number] | undefined): string {
  if (!voter) return 'no'
  if (voter.leader) return 'leads'
  return voter.lag > 0 ? `${formatCount(voter.lag)} behind` : 'follows'
}

function Disk({ total, free }: { total: number | null; free: number | null }) {
  if (total === null || free === null || total <= 0) return '–'
  const used = ((total - free) / total) * 100
  return (
    <>
      <Progress
        value={used}
        color={used > 90 ? 'red' : used > 80 ? 'yellow' : 'cyan'}
        aria-label={`${Math.round(used)} per cent used`}
      />
      <Text size="xs" c="dimmed">
        {formatBytes(free)} free of {formatBytes(total)}
      </Text>
    </>
  )
}

function Trouble({ title, labels }: { title: string; labels: readonly string[] }) {
  if (labels.length === 0) return null
  return (
    <Panel title={title}>
      <Text size="sm" p="md" style={{ overflowWrap: 'anywhere' }}>
        {labels.join(', ')}
      </Text>
    </Panel>
  )
}
