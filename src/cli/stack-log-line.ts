import { styleText } from 'node:util'

/** A line of a service's log, as far as people read it first. Other parts write lines of their own kind. */
type LogEntry = { time: string; level: string; msg: string } & Record<string, unknown>

const warnings = ['warn', 'error', 'fatal']

export function parseLogLine(line: string): LogEntry | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const entry = JSON.parse(line)
    return typeof entry.level === 'string' && typeof entry.time === 'string'
      ? { msg: '', ...entry }
      : undefined
  } catch {
    return undefined
  }
}

export function isWarning(entry: LogEntry): boolean {
  return warnings.includes(entry.level)
}

/** `12:03:04 warn  message  trace_id=… reason=…`: a JSON line for the eye. Lines of another kind stay as they are. */
export function readableLine(line: string): string {
  const entry = parseLogLine(line)
  if (!entry) return line
  const { time, level, msg, service: _, pid: _pid, hostname: _host, err, ...rest } = entry
  const colour = level === 'warn' ? 'yellow' : isWarning(entry) ? 'red' : 'dim'
  const fields = Object.entries({ ...rest, ...(err !== undefined && { error: errorText(err) }) })
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
  const clock = new Date(time).toTimeString().slice(0, 8)
  return `${clock} ${styleText(colour, level.padEnd(5))} ${msg}${fields ? styleText('dim', `  ${fields}`) : ''}`
}

function errorText(error: unknown): string {
  const isNamed = typeof error === 'object' && error !== null && 'message' in error
  return isNamed ? String(error.message) : JSON.stringify(error)
}
