import type { ChildProcess } from 'node:child_process'

/** Ends a child when this process ends, however soon that is. */
export function endWithUs(child: ChildProcess): void {
  const end = () => child.kill()
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
}
