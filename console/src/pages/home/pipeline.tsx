import type { Overview } from '../../../../src/ops/contract/overview.ts'
import { formatLatency } from '../../parts/format.ts'
import classes from './pipeline.module.css'
import { StageCard } from './stage-card.tsx'

/** The way of a review as one picture, in the order in which it goes. */
export function Pipeline({ overview }: { overview: Overview }) {
  const { api, log, relay, topics, groups } = overview
  return (
    <section className={`panel ${classes.pipeline}`} aria-label="Pipeline">
      <ol className={classes.way}>
        <Step>
          <StageCard stage={api} rateOf="requests" />
        </Step>
        <Step>
          <StageCard stage={log} rateOf="appended" />
        </Step>
        <Step>
          <StageCard stage={relay} rateOf="published" waits />
        </Step>
        <Step>
          <StageCard stage={topics} rateOf="records" href="/topics" />
        </Step>
      </ol>
      <ol className={classes.branches}>
        {groups.map(({ group, effect, latency }) => (
          <li key={group.id} className={classes.branch}>
            <StageCard
              stage={group}
              rateOf="read"
              waits
              href={`/groups/${encodeURIComponent(group.title)}`}
            />
            <StageCard stage={effect} rateOf={effect.note} waits={(effect.backlog ?? 0) > 0}>
              {latency ? `p95 ${formatLatency(latency.p95_ms)}` : 'p95 –'}
            </StageCard>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Step({ children }: { children: React.ReactNode }) {
  return <li className={classes.step}>{children}</li>
}
