/** The load in a process of its own, whose CPU is told: `drive.ts` starts it, hands it a plan and takes the result. */
import { answer } from './answer.ts'
import { nowMs } from './clock.ts'
import { HttpConnection } from './http-connection.ts'
import { runLoop } from './loops.ts'
import type { DrivePlan, DriveResult } from './plan.ts'
import { requestsOf } from './requests.ts'

process.once('message', async (plan: DrivePlan) => answer(await drive(plan)))

async function drive(plan: DrivePlan): Promise<DriveResult> {
  const connections = Array.from({ length: plan.connections }, () => new HttpConnection(plan.host, plan.port))
  await Promise.all(connections.map((connection) => connection.open()))
  const cpu = process.cpuUsage()
  const beganAt = nowMs()
  const { tallies, ...loop } = await runLoop(connections, plan.pace, requestsOf(plan))
  const endedAt = nowMs()
  const { user, system } = process.cpuUsage(cpu)
  for (const connection of connections) connection.close()
  const { latency, lateness, statuses, completed, firstFailure } = tallies
  return {
    ...loop,
    completed,
    statuses,
    firstFailure,
    latency: latency.state,
    lateness: lateness.state,
    cpuSeconds: (user + system) / 1e6,
    beganAt,
    endedAt,
  }
}
