import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { DriveResult } from '../driver/plan.ts'
import { postReviews } from '../load/reviews.ts'

const warmUpMs = 2_000

/** The same driver, bodies and connections as for `POST`, against a bare Fastify in a process of its own. */
export async function driveEcho(measuredMs: number): Promise<DriveResult> {
  const echo = fork(join(import.meta.dirname, 'echo-process.ts'))
  try {
    const [port] = await once(echo, 'message')
    const address = { host: '127.0.0.1', port: Number(port) }
    return await postReviews(address, { pace: { kind: 'closed', warmUpMs, measuredMs } })
  } finally {
    echo.kill()
  }
}
