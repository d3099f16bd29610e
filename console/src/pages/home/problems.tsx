import { Anchor, Group, Stack, Text } from '@mantine/core'
import { Link } from 'wouter'
import type { Problem } from '../../../../src/ops/contract/overview.ts'
import { Command } from '../../parts/command.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { places } from '../../shell/places.ts'
import classes from './problems.module.css'

/** Everything that is wrong, the worst first: what, why, and what to do. */
export function Problems({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return null
  return (
    <Stack gap="xs" component="section" aria-label="Problems">
      {problems.map((problem) => (
        <article key={problem.id} className={`panel ${classes.problem}`} data-severity={problem.severity}>
          <div>
            <Group gap="xs">
              <StateMark mark={problem.severity} />
              <Text component="h2" fw={650} fz={15} m={0}>
                {problem.title}
              </Text>
            </Group>
            <Text size="sm" mt={4}>
              {problem.why}
            </Text>
          </div>
          <div className={classes.remedy}>
            <Text size="sm" fw={550}>
              {problem.remedy}
            </Text>
            {problem.command && <Command text={problem.command} />}
            {problem.link && (
              <Anchor component={Link} href={problem.link} size="sm" underline="always">
                {pageOf(problem.link)} →
              </Anchor>
            )}
          </div>
        </article>
      ))}
    </Stack>
  )
}

/** The name of the page that a link leads to. */
function pageOf(link: string): string {
  const place = places.find(({ path }) => path !== '/' && link.startsWith(path))
  const [, , rest] = link.split('/')
  return rest ? decodeURIComponent(rest) : (place?.title ?? 'Show more')
}
