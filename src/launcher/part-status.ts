import type { PartName, PartState } from './part.ts'

export type PartStatus = {
  name: PartName
  state: PartState
  /** What it does or waits for, in a few words, while it is not ready. */
  detail: string | undefined
  pid: number | undefined
  port: number | undefined
  /** Without credentials. */
  url: string | undefined
  startedAt: Date | undefined
  /** How often it was started again because it had died. */
  restarts: number
}
