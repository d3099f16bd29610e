import { Histogram } from './histogram.ts'

const shown = 500

/** What the answers of the measured part of a drive add up to. */
export class Tallies {
  readonly latency = new Histogram()
  readonly lateness = new Histogram()
  readonly statuses: Record<number, number> = {}
  completed = 0
  firstFailure: string | null = null

  answered(status: number, body: Buffer, milliseconds: number): void {
    this.latency.record(milliseconds)
    this.statuses[status] = (this.statuses[status] ?? 0) + 1
    if (isSuccess(status)) this.completed += 1
    else this.firstFailure ??= failureText(status, body)
  }
}

export const isSuccess = (status: number) => status >= 200 && status < 300

function failureText(status: number, body: Buffer): string {
  return status === 0 ? 'the connection broke' : `${status} ${body.toString('utf8')}`.slice(0, shown)
}
