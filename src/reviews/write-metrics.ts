import { Histogram, type Registry } from 'prom-client'

/** How the micro-batches of the write side do. */
export function writeMetrics(registry: Registry): { onBatch: (size: number, seconds: number) => void } {
  const registers = [registry]
  const sizes = new Histogram({
    name: 'thereview_write_batch_size',
    help: 'Commands written in one statement',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  })
  const durations = new Histogram({
    name: 'thereview_write_batch_duration_seconds',
    help: 'Time until a batch of commands was committed, with its retries',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  })
  return {
    onBatch: (size, seconds) => {
      sizes.observe(size)
      durations.observe(seconds)
    },
  }
}
