import type { ServiceHealth } from '../contract/overview.ts'
import { parseScrape, type Scrape, sumOf } from './prometheus-text.ts'

/** A process of ours, and where its health and metrics are. */
export interface ServiceAddress {
  readonly name: string
  readonly url: string
  /** The Bearer for its metrics, where they are not for everybody; null for want of one. */
  readonly credentials?: () => Promise<string | null>
}

export interface ServiceSight extends ServiceHealth {
  /** Null while it does not answer. */
  readonly scrape: Scrape | null
}

const timeoutMs = 1_500

/** What a service says of itself; `down` when it says nothing. */
export async function lookAt({ name, url, credentials }: ServiceAddress): Promise<ServiceSight> {
  try {
    const bearer = await credentials?.()
    const [health, metrics] = await Promise.all([
      ask(`${url}/health/ready`),
      ask(`${url}/metrics`, bearer ? { authorization: `Bearer ${bearer}` } : {}),
    ])
    const down = dependenciesDown(health)
    const scrape = parseScrape(metrics)
    const waiting = sumOf(scrape, 'thereview_consumer_waiting') > 0
    // A worker's own consumer waits for what is away, and cannot be started itself.
    const away = down.filter((dependency) => dependency !== 'consumer')
    return { name, state: down.length > 0 ? 'degraded' : 'up', away, waiting, hangs: false, scrape }
  } catch (error) {
    const hangs = error instanceof Error && error.name === 'TimeoutError'
    return { name, state: 'down', away: [], waiting: false, hangs, scrape: null }
  }
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) })
  return response.text()
}

function dependenciesDown(health: string): string[] {
  const parsed: unknown = JSON.parse(health)
  const { dependencies = {} } = parsed as { dependencies?: Record<string, { status: string }> }
  return Object.entries(dependencies).flatMap(([name, { status }]) => (status === 'down' ? [name] : []))
}
