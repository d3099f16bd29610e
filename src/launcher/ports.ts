import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Port } from './part.ts'
import { StackError } from './stack-error.ts'

/** Each port of the stack: the variable that sets it, and its default. */
const declared = {
  kafka1: ['KAFKA_PORT', 9092],
  kafka2: ['KAFKA_PORT', 9093],
  kafka3: ['KAFKA_PORT', 9094],
  controller1: ['KAFKA_CONTROLLER_PORT', 19092],
  controller2: ['KAFKA_CONTROLLER_PORT', 19093],
  controller3: ['KAFKA_CONTROLLER_PORT', 19094],
  postgres: ['POSTGRES_PORT', 5432],
  redis: ['REDIS_PORT', 6379],
  schemaRegistry: ['SCHEMA_REGISTRY_PORT', 8081],
  mail: ['MAIL_PORT', 1080],
  smtp: ['SMTP_PORT', 1025],
  traces: ['TRACES_PORT', 9411],
  api: ['API_PORT', 8000],
  relay: ['RELAY_PORT', 8001],
  notificationWorker: ['NOTIFICATION_WORKER_PORT', 8002],
  analyticsWorker: ['ANALYTICS_WORKER_PORT', 8003],
  cacheWorker: ['CACHE_WORKER_PORT', 8004],
  exporter: ['EXPORTER_PORT', 9308],
  console: ['CONSOLE_PORT', 8080],
} as const satisfies Record<string, readonly [variable: string, fallback: number]>

/** Each variable once, with its default; that of brokers and of controllers names the first of three in a row. */
export const portVariables: readonly (readonly [variable: string, fallback: number])[] = Object.values(
  declared,
).filter(([variable], nth, all) => all.findIndex(([other]) => other === variable) === nth)

type PortName = keyof typeof declared
export type Ports = Record<PortName, Port>

const names = Object.keys(declared) as PortName[]

export function portsFrom(environment: Record<string, string | undefined>): Ports {
  return portsBy((name) => baseOf(name, environment) + offsetOf(name))
}

function baseOf(name: PortName, environment: Record<string, string | undefined>): number {
  const [variable, fallback] = declared[name]
  const given = environment[variable]
  if (given === undefined || given === '') return fallback - offsetOf(name)
  const highest = 65_535 - (variable.startsWith('KAFKA') ? 2 : 0)
  if (/^\d+$/.test(given) && Number(given) >= 1 && Number(given) <= highest) return Number(given)
  throw new StackError(`${variable} is "${given}". It must be a port between 1 and ${highest}.`)
}

/** How far a port is from the one that its variable names. */
function offsetOf(name: PortName): number {
  const [variable, fallback] = declared[name]
  return fallback - Math.min(...names.filter((n) => declared[n][0] === variable).map((n) => declared[n][1]))
}

/** Free ports for a whole stack of a test. */
export async function freePorts(): Promise<Ports> {
  const numbers: number[] = []
  while (numbers.length < names.length) numbers.push(await freePort())
  return portsBy((name) => numbers[names.indexOf(name)] ?? 0)
}

/**
 * A port of loopback that nobody holds and that nobody else who asked here was given. It lies below the range from
 * which the kernel takes the ports of outgoing connections, so that no client sits on it while its part restarts.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const number = 10_000 + Math.floor(Math.random() * 22_000)
    if ((await isFree(number)) && reserve(number)) return number
  }
}

const reservations = join(tmpdir(), 'thereview-ports')

/** A port is bound long after it was chosen: until this process ends, no other chooses it. */
function reserve(port: number): boolean {
  const file = join(reservations, String(port))
  mkdirSync(reservations, { recursive: true })
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    // Left behind by a process that is gone: free for the next that asks.
    if (!isHeld(file)) rmSync(file, { force: true })
    return false
  }
}

function isHeld(reservation: string): boolean {
  try {
    return process.kill(Number(readFileSync(reservation, 'utf8')), 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}

function portsBy(numberOf: (name: PortName) => number): Ports {
  const entries = names.map((name) => {
    const number = numberOf(name)
    return [name, { number, variable: declared[name][0], base: number - offsetOf(name) }]
  })
  return Object.fromEntries(entries) as Ports
}
