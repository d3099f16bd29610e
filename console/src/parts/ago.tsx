import { formatAgo } from './format.ts'
import { useNow } from './now.tsx'

/** A relative time, with the absolute one as its title. */
export function Ago({ at }: { at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={absolute(at)} style={{ whiteSpace: 'nowrap' }}>
      {formatAgo(Date.parse(at), now)}
    </time>
  )
}

/** Local time to the millisecond, and UTC. */
export function absolute(at: string): string {
  const date = new Date(at)
  const local = date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
  return `${local}.${String(date.getMilliseconds()).padStart(3, '0')} here, ${date.toISOString()}`
}
