import { Anchor, Group, Text } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { EventJourney, Moment } from '../../../../src/ops/contract/journey.ts'
import { Ago, absolute } from '../../parts/ago.tsx'
import { Copyable } from '../../parts/copyable.tsx'
import { formatMs } from '../../parts/format.ts'
import { Panel } from '../../parts/page.tsx'
import { useSessionOfPage } from '../../parts/session.ts'
import classes from './event-life.module.css'

/** One event as a timeline: what happened, when, and how long it took from one to the next. */
export function EventLife({ event, heading }: { event: EventJourney; heading: string | null }) {
  const { traces_url: traces } = useSessionOfPage()
  return (
    <section aria-label={event.event_type}>
      {heading && (
        <Text size="sm" c="dimmed" mb={6}>
          {heading}
        </Text>
      )}
      <Panel
        title={event.event_type}
        aside={
          <Text size="xs" c="dimmed">
            <Ago at={event.occurred_at} />
          </Text>
        }
      >
        <Group gap="8px 24px" px="md" py="sm" className={classes.ids}>
          <Id name="event" text={event.event_id} />
          <Id
            name={
              event.aggregate_version === null ? 'aggregate' : `review, version ${event.aggregate_version}`
            }
            text={event.aggregate_id}
          />
          <Id name="correlation" text={event.correlation_id} />
          <Id name="trace" text={event.trace_id}>
            {traces && (
              <Anchor
                href={`${traces}traces/${event.trace_id}`}
                target="_blank"
                rel="noreferrer"
                size="sm"
                underline="always"
              >
                Open the trace <IconExternalLink size={13} aria-hidden />
              </Anchor>
            )}
          </Id>
        </Group>
        <ol className={classes.timeline}>
          {event.moments.map((moment, index) => (
            <Line
              key={`${moment.kind} ${moment.title} ${moment.at}`}
              moment={moment}
              gap={gapBefore(event.moments, index)}
            />
          ))}
        </ol>
      </Panel>
    </section>
  )
}

function Id({ name, text, children }: { name: string; text: string; children?: ReactNode }) {
  return (
    <div className={classes.id}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Group gap="xs">
        <Copyable text={text} label={`the ${name} id`} />
        {children}
      </Group>
    </div>
  )
}

/** Milliseconds since what happened before it; null where either has no time. */
function gapBefore(moments: readonly Moment[], index: number): number | null {
  const at = moments[index]?.at
  const before = moments.slice(0, index).findLast((moment) => moment.at !== null)?.at
  return at && before ? Date.parse(at) - Date.parse(before) : null
}

const says = { ok: 'done', waiting: 'waiting', failed: 'failed' } as const

function Line({ moment, gap }: { moment: Moment; gap: number | null }) {
  const { at, title, detail, outcome, after_ms: after, link } = moment
  return (
    <li className={classes.line} data-outcome={outcome}>
      <span className={classes.when}>
        {at !== null && after !== null && (
          <time dateTime={at} title={absolute(at)} className="num">
            {after === 0 ? '0 ms' : `+${formatMs(after)}`}
          </time>
        )}
      </span>
      <span className={classes.sign} role="img" aria-label={says[outcome]} />
      <div className={classes.what}>
        <Text size="sm" fw={600} component="span">
          {link ? (
            <Link href={link} className={classes.link}>
              {title}
            </Link>
          ) : (
            title
          )}
        </Text>
        <Text size="sm" c="dimmed" component="span" className={classes.detail}>
          {detail}
        </Text>
      </div>
      <span className={classes.gap}>
        {gap !== null && gap > 0 && <span className="num">{formatMs(gap)} later</span>}
      </span>
    </li>
  )
}
