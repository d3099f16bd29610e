import { serviceNames } from '../contracts/service-names.ts'

/** What TheReview stands on, and all that tests and tools need without its services. */
export const infrastructure = [
  'kafka-1',
  'kafka-2',
  'kafka-3',
  'postgres',
  'redis',
  'schema-registry',
  'mail',
  'traces',
] as const

/** The parts of the local stack, in the order in which people read them. */
export const partNames = [...infrastructure, ...serviceNames] as const

export type PartName = (typeof partNames)[number]

/** `external`: its address was given in the environment, so there is nothing to run. */
export type PartState = 'ready' | 'starting' | 'stopped' | 'failed' | 'external'

export type Command = {
  file: string
  args: string[]
  /** Given on standard input, for what nobody else may read. */
  input?: string
  env?: Record<string, string>
  cwd?: string
  uid?: number
  gid?: number
}

/** `base` is what the variable holds: that of three brokers names the first one's port. */
export type Port = { number: number; variable: string; base: number }

/** Tells the reader of the terminal what a part is doing, in a few words. */
export type Say = (detail: string) => void

/** A process that the stack runs: how to make it possible, start it, see that it is ready, and end it. */
export type Part = {
  name: PartName
  /** The first is the one that `status` shows. */
  ports: readonly Port[]
  url?: string
  /** Downloads, data folders: before every start, so it does nothing when nothing is to do. */
  prepare?: (say: Say, signal: AbortSignal) => Promise<void>
  command: () => Command
  isReady: () => Promise<boolean>
  /** What holds up readiness beside the part itself, if anything does: a broker waits for a quorum. */
  waitsFor?: (isUp: (name: PartName) => boolean) => string | undefined
  stop: { signal: 'SIGTERM' | 'SIGINT'; deadlineMs: number }
}

/** What the preparation, and so every service, stands on. */
export const foundations: readonly PartName[] = [
  'kafka-1',
  'kafka-2',
  'kafka-3',
  'postgres',
  'redis',
  'schema-registry',
]

export function isPartName(name: string): name is PartName {
  return partNames.some((known) => known === name)
}

export function isInfrastructure(name: string): boolean {
  return infrastructure.some((part) => part === name)
}
