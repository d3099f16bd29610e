import { Group, Text, ThemeIcon, Title } from '@mantine/core'
import type { Latency, Overview } from '../../../../src/ops/contract/overview.ts'
import { Ago } from '../../parts/ago.tsx'
import { formatLatency } from '../../parts/format.ts'
import { marks } from '../../parts/state-mark.tsx'
import classes from './verdict.module.css'

/** One glance: whether reviews are late, and where. */
export function Verdict({ overview }: { overview: Overview }) {
  const { color, icon: Icon } = marks[overview.state]
  return (
    <section className={`panel ${classes.verdict}`} data-state={overview.state} aria-label="Verdict">
      <Group wrap="nowrap" gap="md">
        <ThemeIcon size={44} radius="xl" variant="light" color={color} aria-hidden>
          <Icon size={26} />
        </ThemeIcon>
        <div>
          <Title order={1} fz={20} aria-live="polite">
            {overview.headline}
          </Title>
          <Text size="sm" c="dimmed">
            Looked at <Ago at={overview.at} />
          </Text>
        </div>
      </Group>
      <Visible latency={overview.accepted_to_visible} />
    </section>
  )
}

function Visible({ latency }: { latency: Latency | null }) {
  const late = latency !== null && latency.p95_ms > latency.late_after_ms
  return (
    <div className={classes.latency}>
      <Text size="xs" c="dimmed">
        accepted → visible, 95th percentile
      </Text>
      <Text fz={24} fw={650} lh={1.2} className={`num ${classes.p95}`} data-late={late}>
        {latency ? formatLatency(latency.p95_ms) : '–'}
      </Text>
      <Text size="xs" c="dimmed">
        {latency
          ? `${late ? `late beyond ${formatLatency(latency.late_after_ms)}` : `half within ${formatLatency(latency.p50_ms)}`}, ${wordOf(latency.window_seconds)}`
          : 'none to measure in the last five minutes'}
      </Text>
    </div>
  )
}

function wordOf(windowSeconds: number): string {
  return windowSeconds === 60 ? 'last minute' : `last ${windowSeconds / 60} minutes`
}
