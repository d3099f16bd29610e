import { join } from 'node:path'
import { runChild } from './child.ts'
import type { DrivePlan, DriveResult } from './plan.ts'

/** Drives load from a process of its own. */
export function drive(plan: DrivePlan): Promise<DriveResult> {
  return runChild(join(import.meta.dirname, 'drive-process.ts'), plan)
}
