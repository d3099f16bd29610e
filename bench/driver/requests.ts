import { plannedReview } from '../../src/ops/load-plan.ts'
import type { DrivePlan } from './plan.ts'

/** The n-th request of a drive, ready for the wire. */
export function requestsOf({ host, port, requests }: DrivePlan): (n: number) => string {
  if (requests.kind === 'reads') {
    const texts = requests.paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\n\r\n`)
    return (n) => texts[n % texts.length] ?? ''
  }
  const { path, runId, entities, first } = requests
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\ncontent-type: application/json\r\ncontent-length: `
  return (n) => {
    const body = JSON.stringify(plannedReview(runId, entities, first + n))
    return `${head}${body.length}\r\n\r\n${body}`
  }
}
