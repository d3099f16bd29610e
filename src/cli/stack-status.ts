import { styleText } from 'node:util'
import type { PartReport } from '../launcher/report.ts'
import { clientOf, notRunning } from './stack-client.ts'
import { table } from './table.ts'

export async function status(folder: string, asJson: boolean): Promise<void> {
  const report = await clientOf(folder).report()
  if (!report) throw notRunning(folder)
  const text = asJson ? JSON.stringify(report, null, 2) : statusTable(report.parts, new Date())
  process.stdout.write(`${text}\n`)
}

/** Quoted for any shell: `eval` must not see what a password holds. */
export async function env(folder: string): Promise<void> {
  const addresses = await clientOf(folder).addresses()
  if (!addresses) throw notRunning(folder)
  process.stdout.write(exportLines(addresses))
}

export function exportLines(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('')
}

const columns = [
  { title: 'PART' },
  { title: 'STATE' },
  { title: 'PID', align: 'right' },
  { title: 'MEMORY', align: 'right' },
  { title: 'UP', align: 'right' },
  { title: 'RESTARTS', align: 'right' },
  { title: 'WHERE' },
] as const

export function statusTable(parts: readonly PartReport[], now: Date): string {
  const rows = parts.map((part) => [
    part.name,
    paint(part.state),
    part.pid === null ? '' : `${part.pid}`,
    part.memory_bytes === null ? '' : `${Math.round(part.memory_bytes / 1024 / 1024)} MB`,
    part.started_at === null ? '' : age(now.getTime() - Date.parse(part.started_at)),
    `${part.restarts}`,
    part.detail ?? part.url ?? '',
  ])
  return table(columns, rows).trimEnd()
}

function paint(state: string): string {
  const colour = {
    ready: 'green',
    starting: 'yellow',
    failed: 'red',
    stopped: 'dim',
    external: 'cyan',
  } as const
  return isState(state, colour) ? styleText(colour[state], state) : state
}

function isState<T extends object>(state: string, of: T): state is Extract<keyof T, string> {
  return state in of
}

/** 42 s, 3 min, 5 h, 2 d. */
function age(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 100) return `${seconds} s`
  if (seconds < 6_000) return `${Math.round(seconds / 60)} min`
  return seconds < 48 * 3_600 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`
}
