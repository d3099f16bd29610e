import { styleText } from 'node:util'
import { eventTopics, type TailedRecord, tail } from '../ops/tail.ts'
import { plainLine } from './plain-text.ts'
import { withKafka } from './with-kafka.ts'

export interface TailFlags {
  readonly type: readonly string[]
  readonly key?: string
  readonly trace?: string
  readonly topic: readonly string[]
  readonly fromBeginning?: true
  readonly count?: number
  readonly json?: true
}

/** Prints until as many have come as were asked for, or somebody stops it. */
export async function tailCommand(flags: TailFlags): Promise<void> {
  await withKafka(async (kafka) => {
    const topics = flags.topic.length > 0 ? flags.topic : eventTopics
    const reader = kafka.reader({ topics, from: flags.fromBeginning ? 'earliest' : 'latest' })
    const stop = () => void reader.stop()
    process.once('SIGINT', stop).once('SIGTERM', stop)
    try {
      await reader.start()
      if (!flags.json && process.stderr.isTTY)
        process.stderr.write(styleText('dim', `${topics.join(', ')}; Ctrl-C ends it\n`))
      let left = flags.count ?? Number.POSITIVE_INFINITY
      const filter = { types: flags.type, key: flags.key ?? null, traceId: flags.trace ?? null }
      for await (const record of tail(reader, filter)) {
        process.stdout.write(
          flags.json ? `${JSON.stringify(record)}\n` : recordLine(record, process.stdout.columns),
        )
        left -= 1
        if (left === 0) break
      }
    } finally {
      await reader.stop()
    }
  })
}

/** Time, type, aggregate with its version, and as much of the data as the terminal is wide. */
export function recordLine(record: TailedRecord, columns = Number.POSITIVE_INFINITY): string {
  const { event } = record
  const place = `${record.topic}/${record.partition}@${record.offset}`
  if (!event) return `${styleText('red', `${place}  ${record.problem}`)}\n`
  const time = event.timestamp.slice(11, 23)
  const version = event.aggregate_version === undefined ? '' : ` v${event.aggregate_version}`
  const id = plainLine(event.aggregate_id)
  const head = `${time}  ${event.event_type}  ${id}${version}  `
  const data = plainLine(JSON.stringify(event.data))
  const room = Math.max(20, columns - head.length)
  const shown = data.length > room ? `${data.slice(0, room - 1)}…` : data
  return `${styleText('dim', time)}  ${styleText(colourOf(event.event_type), event.event_type)}  ${id}${version}  ${styleText('dim', shown)}\n`
}

const colours = [
  [/\.(created|registered)\./, 'green'],
  [/\.(updated|preferences_changed)\./, 'yellow'],
  [/\.deleted\./, 'red'],
  [/\.send\./, 'magenta'],
] as const

function colourOf(eventType: string): 'green' | 'yellow' | 'red' | 'magenta' | 'cyan' {
  return colours.find(([pattern]) => pattern.test(eventType))?.[1] ?? 'cyan'
}
