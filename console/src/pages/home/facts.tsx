import { SimpleGrid, Text, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Overview, ServiceHealth } from '../../../../src/ops/contract/overview.ts'
import { countOf, formatCount } from '../../parts/format.ts'
import { type Mark, StateMark } from '../../parts/state-mark.tsx'
import classes from './facts.module.css'

/** What stands beside the way: dead letters, brokers, processes. */
export function Facts({ overview }: { overview: Overview }) {
  const { open_dead_letters: open, brokers, services } = overview
  const up = brokers.filter((broker) => broker.up).length
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
      <Fact
        title="Open dead letters"
        href="/dead-letters"
        mark={open === null ? 'unknown' : open > 0 ? 'warning' : 'ok'}
        word={open ? 'to decide on' : 'none'}
      >
        <Text fz={22} fw={650} className="num">
          {open === null ? '–' : formatCount(open)}
        </Text>
      </Fact>
      <Fact
        title="Brokers"
        href="/cluster"
        mark={brokers.length === 0 ? 'unknown' : up < brokers.length ? 'warning' : 'ok'}
        word={
          brokers.length === 0 ? 'not seen' : up < brokers.length ? `${brokers.length - up} away` : 'all up'
        }
      >
        <div className={classes.chips}>
          {brokers.map((broker) => (
            <Tooltip
              key={broker.id}
              label={
                broker.up
                  ? `${broker.address}, leads ${countOf(broker.leads, 'partition')}`
                  : 'does not answer'
              }
            >
              <span className={classes.chip} data-up={broker.up}>
                {broker.id}
                {!broker.up && ' away'}
              </span>
            </Tooltip>
          ))}
        </div>
      </Fact>
      <Fact
        title="Processes"
        mark={services.every(({ state }) => state === 'up') ? 'ok' : 'warning'}
        word={services.every(({ state }) => state === 'up') ? 'all answer' : 'not all are well'}
      >
        <div className={classes.chips}>
          {services.map((service) => (
            <Tooltip key={service.name} label={sayOf(service)}>
              <span className={classes.chip} data-up={service.state === 'up'}>
                {service.name}
                {service.state !== 'up' && ` ${service.hangs ? 'hangs' : service.state}`}
              </span>
            </Tooltip>
          ))}
        </div>
      </Fact>
    </SimpleGrid>
  )
}

function sayOf({ state, away, waiting, hangs }: ServiceHealth): string {
  if (state === 'down') return hangs ? 'hangs, or is frozen' : 'does not answer'
  if (away.length > 0) return `cannot reach ${away.join(', ')}${waiting ? ', and waits' : ''}`
  return waiting ? 'waits for something that it depends on' : 'answers'
}

interface FactProps {
  readonly title: string
  readonly href?: string
  readonly mark: Mark
  readonly word: string
  readonly children: ReactNode
}

function Fact({ title, href, mark, word, children }: FactProps) {
  return (
    <section className={`panel ${classes.fact}`}>
      <div className={classes.head}>
        <Text component="h2" fz={13} fw={650} m={0}>
          {href ? (
            <Link href={href} className={classes.link}>
              {title}
            </Link>
          ) : (
            title
          )}
        </Text>
        <StateMark mark={mark}>{word}</StateMark>
      </div>
      {children}
    </section>
  )
}
