import { Button } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { Link, Route, Switch } from 'wouter'
import { HomePage } from '../pages/home/home-page.tsx'
import { Empty } from '../parts/empty.tsx'
import { Page, Panel } from '../parts/page.tsx'
import { TableSkeleton } from '../parts/table-skeleton.tsx'

const lazily = <T extends string>(load: () => Promise<Record<T, React.ComponentType>>, name: T) =>
  lazy(() => load().then((module) => ({ default: module[name] })))

const DeadLettersPage = lazily(() => import('../pages/dead-letters/dead-letters-page.tsx'), 'DeadLettersPage')
const GroupsPage = lazily(() => import('../pages/groups/groups-page.tsx'), 'GroupsPage')
const JourneyPage = lazily(() => import('../pages/journey/journey-page.tsx'), 'JourneyPage')
const TopicsPage = lazily(() => import('../pages/topics/topics-page.tsx'), 'TopicsPage')
const TopicPage = lazily(() => import('../pages/topics/topic-page.tsx'), 'TopicPage')
const ClusterPage = lazily(() => import('../pages/cluster/cluster-page.tsx'), 'ClusterPage')
const SchemasPage = lazily(() => import('../pages/cluster/schemas-page.tsx'), 'SchemasPage')
const AuditPage = lazily(() => import('../pages/audit/audit-page.tsx'), 'AuditPage')
const GroupPage = lazily(() => import('../pages/groups/group-page.tsx'), 'GroupPage')

export function Pages() {
  return (
    <Suspense fallback={<TableSkeleton rows={8} />}>
      <Switch>
        <Route path="/" component={HomePage} />
        <Route path="/dead-letters" component={DeadLettersPage} />
        <Route path="/journey" component={JourneyPage} />
        <Route path="/topics" component={TopicsPage} />
        <Route path="/topics/:topic" component={TopicPage} />
        <Route path="/cluster" component={ClusterPage} />
        <Route path="/schemas" component={SchemasPage} />
        <Route path="/audit" component={AuditPage} />
        <Route path="/groups" component={GroupsPage} />
        <Route path="/groups/:group" component={GroupPage} />
        <Route>
          <NoSuchPage />
        </Route>
      </Switch>
    </Suspense>
  )
}

function NoSuchPage() {
  return (
    <Page title="There is no such page">
      <Panel>
        <Empty title="This address leads nowhere" icon={IconMapQuestion}>
          <Button component={Link} href="/" variant="default" mt="sm">
            Home
          </Button>
        </Empty>
      </Panel>
    </Page>
  )
}
