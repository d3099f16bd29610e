import { Grid, Skeleton, Stack } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useOverview } from '../../api/queries.ts'
import { Failure } from '../../parts/failure.tsx'
import { Panel } from '../../parts/page.tsx'
import { Changes } from './changes.tsx'
import { Facts } from './facts.tsx'
import { Pipeline } from './pipeline.tsx'
import { Problems } from './problems.tsx'
import { Rates } from './rates.tsx'
import { Verdict } from './verdict.tsx'

/** Is anything late, lost or broken, where, and why. */
export function HomePage() {
  const { data: overview, error, refetch } = useOverview()
  useDocumentTitle(
    overview && overview.state !== 'ok'
      ? `⚠ ${overview.headline} · TheReview console`
      : 'Home · TheReview console',
  )

  if (!overview) return error ? <Failure error={error} retry={() => void refetch()} /> : <HomeSkeleton />
  return (
    <Stack gap="md">
      <Verdict overview={overview} />
      <Problems problems={overview.problems} />
      <Pipeline overview={overview} />
      <Facts overview={overview} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Panel title="What changed lately" fill>
            <Changes changes={overview.changes} />
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Panel title="Events accepted" aside="last ten minutes" fill>
            <Rates rates={overview.rates} />
          </Panel>
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

function HomeSkeleton() {
  return (
    <Stack gap="md" aria-label="Loading" role="status">
      <Skeleton height={72} radius="md" />
      <Skeleton height={318} radius="md" />
      <Skeleton height={92} radius="md" />
      <Skeleton height={280} radius="md" />
    </Stack>
  )
}
