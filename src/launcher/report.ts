import type { PartName, PartState } from './part.ts'
import type { PartStatus } from './part-status.ts'

/** What `status --json` prints. */
export type StackReport = { parts: PartReport[] }

export type PartReport = {
  name: PartName
  state: PartState
  detail: string | null
  pid: number | null
  port: number | null
  url: string | null
  memory_bytes: number | null
  started_at: string | null
  restarts: number
}

export function reportOf(
  statuses: readonly PartStatus[],
  memoryOf: (pid: number) => number | undefined,
): StackReport {
  const parts = statuses.map(({ name, state, detail, pid, port, url, startedAt, restarts }) => ({
    name,
    state,
    detail: detail ?? null,
    pid: pid ?? null,
    port: port ?? null,
    url: url ?? null,
    memory_bytes: (pid === undefined ? undefined : memoryOf(pid)) ?? null,
    started_at: startedAt?.toISOString() ?? null,
    restarts,
  }))
  return { parts }
}
