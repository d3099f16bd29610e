import { asError } from '../../platform/errors.ts'
import type { LagHistory } from '../contract/groups.ts'
import type { History } from '../pipeline/history.ts'
import { lagFromPrometheus } from './prometheus-lag.ts'

export interface LagHistorySources {
  readonly history: History
  /** Null where there is no Prometheus: then what this service has seen since it started is all there is. */
  readonly prometheusUrl: string | null
  readonly now: () => number
}

/** A group's lag in the last hour. While Prometheus says nothing, what this service remembers, and why. */
export async function lagHistory(sources: LagHistorySources, group: string): Promise<LagHistory> {
  const { history, prometheusUrl, now } = sources
  const remembered = { source: 'memory', points: history.lagOf(group) } as const
  if (prometheusUrl === null) return { ...remembered, problem: null }
  try {
    return {
      source: 'prometheus',
      points: await lagFromPrometheus(prometheusUrl, group, now()),
      problem: null,
    }
  } catch (error) {
    return { ...remembered, problem: asError(error).message }
  }
}
