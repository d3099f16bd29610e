import { Progress, Stack, Table, Text } from '@mantine/core'
import type { ClusterPage as Cluster } from '../../../../src/ops/contract/cluster.ts'
import { useCluster } from '../../api/queries.ts'
import { Failure } from '../../parts/failure.tsx'
import { Figures } from '../../parts/figures.tsx'
import { formatBytes, formatCount } from '../../parts/format.ts'
import { Page, Panel } from '../../parts/page.tsx'
import { type Mark, StateMark } from '../../parts/state-mark.tsx'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'

/** The brokers and their controllers, and the partitions that are not as they should be. */
export function ClusterPage() {
  const { data, error, refetch } = useCluster()
  return (
    <Page title="Brokers" about="Who leads, who lags, and how full the disks are.">
      {error && !data ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : data ? (
        <Content cluster={data} />
      ) : (
        <TableSkeleton rows={8} />
      )}
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

function Brokers({ cluster }: { cluster: Cluster }) {
  return (
    <Table.ScrollContainer minWidth={860} type="native">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Broker</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Controller</Table.Th>
            <Table.Th ta="right">Leads</Table.Th>
            <Table.Th ta="right">Replicas</Table.Th>
            <Table.Th ta="right">Out of sync</Table.Th>
            <Table.Th ta="right">Records take</Table.Th>
            <Table.Th>Disk</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {cluster.brokers.map((broker) => {
            const voter = cluster.quorum.find(({ id }) => id === broker.id)
            return (
              <Table.Tr key={broker.id}>
                <Table.Td fw={600}>
                  {broker.id}{' '}
                  <Text size="xs" c="dimmed" span>
                    {broker.address}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <StateMark mark={broker.up ? 'ok' : 'broken'}>{broker.up ? 'up' : 'away'}</StateMark>
                </Table.Td>
                <Table.Td>
                  {!voter
                    ? 'no'
                    : voter.leader
                      ? 'leads'
                      : voter.lag > 0
                        ? `${formatCount(voter.lag)} behind`
                        : 'follows'}
                </Table.Td>
                <Table.Td ta="right">{broker.leads}</Table.Td>
                <Table.Td ta="right">{broker.replicas}</Table.Td>
                <Table.Td ta="right">{broker.out_of_sync}</Table.Td>
                <Table.Td ta="right">{formatBytes(broker.bytes)}</Table.Td>
                <Table.Td miw={170}>
                  <Disk total={broker.disk_total} free={broker.disk_free} />
                </Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
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
