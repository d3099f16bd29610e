import { statfs } from 'node:fs/promises'
import { StackError } from './stack-error.ts'

const neededBytes = 500 * 1024 * 1024

/** Brokers and databases that run out of disk fail late and in many ways, so too little is refused early. */
export async function refuseFullDisk(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const problem = tooLittle(folder, bavail * bsize)
  if (problem) throw new StackError(problem)
}

export function tooLittle(folder: string, freeBytes: number): string | undefined {
  if (freeBytes >= neededBytes) return undefined
  const free = Math.floor(freeBytes / 1024 / 1024)
  return (
    `The disk is full: ${free} MB are free under ${folder}, and the stack needs ${neededBytes / 1024 / 1024}. ` +
    'Make room, or set THEREVIEW_HOME to a folder on another disk.'
  )
}
