import { setTimeout as pause } from 'node:timers/promises'
import { serviceNames } from '../../src/contracts/service-names.ts'
import type { Section } from '../bench.ts'
import type { Row } from '../figure.ts'
import { runEndToEnd } from '../load/end-to-end.ts'
import { canMeasureUsage, type PartUsage } from '../stack/usage.ts'

const isService = (part: string) => serviceNames.some((name) => name === part)

export const usageSection: Section = {
  letter: 'i',
  title: 'CPU and memory of every process',
  async run({ target, sizes, say }) {
    if (!canMeasureUsage) {
      const note = "not measured: it takes Linux's /proc"
      return [{ id: 'i.none', label: 'CPU and memory', figures: [], note }]
    }
    await target.untilQuiet()
    // What was left of the load: caches that empty, connections that rest.
    await pause(2_000)
    say(`idle for ${sizes.idleMs / 1_000} s`)
    const before = await target.usage()
    await pause(sizes.idleMs)
    const idle = await target.usage()
    say(`${sizes.usageReviews.toLocaleString('en')} reviews`)
    const began = await target.usage()
    const { accepted } = await runEndToEnd(target, { reviews: sizes.usageReviews })
    const after = await target.usage()
    const events = await target.events()

    const idleShare = (part: string) => (cpuBetween(before, idle, part) * 100_000) / sizes.idleMs
    const perThousand = (part: string) => (cpuBetween(began, after, part) * 1_000 * 1_000) / accepted
    const row = (id: string, label: string, parts: readonly string[]): Row => ({
      id,
      label,
      figures: [
        { name: 'CPU per 1,000 events', value: sum(parts, perThousand), unit: 'ms' },
        { name: 'idle', value: sum(parts, idleShare), unit: '%' },
        { name: 'memory', value: sum(parts, (part) => megabytes(after.get(part))), unit: 'MB' },
      ],
    })
    const parts = [...after.keys()]
    return [
      ...parts.map((part) => row(`i.${part}`, part, [part])),
      row('i.services', 'all services of TheReview', parts.filter(isService)),
      {
        id: 'i.largest',
        label: 'the largest of them',
        figures: [
          {
            name: 'memory',
            value: Math.max(...parts.filter(isService).map((part) => megabytes(after.get(part)))),
            unit: 'MB',
          },
        ],
      },
      {
        ...row('i.all', 'all processes', parts),
        note: `memory after ${events.toLocaleString('en')} events; idle is of one core`,
      },
    ]
  },
}

type Usage = ReadonlyMap<string, PartUsage>

function cpuBetween(before: Usage, after: Usage, part: string): number {
  return (after.get(part)?.cpuSeconds ?? 0) - (before.get(part)?.cpuSeconds ?? 0)
}

function megabytes(usage: PartUsage | undefined): number {
  return (usage?.memoryBytes ?? 0) / 2 ** 20
}

function sum(parts: readonly string[], of: (part: string) => number): number {
  return parts.reduce((total, part) => total + of(part), 0)
}
