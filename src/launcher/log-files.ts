import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs'

const keepBytes = 20 * 1024 * 1024
const tailBytes = 64 * 1024

/** Before a start: a log that has grown large makes room, and stays for one more round. */
export function rotate(file: string): void {
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 }
  if (size > keepBytes) renameSync(file, `${file}.1`)
}

/** The last lines of a log, without reading all of it. */
export function tailOf(file: string, lines: number): string {
  if (lines === 0) return ''
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  for (let bytes = tailBytes; ; bytes *= 4) {
    const from = Math.max(0, size - bytes)
    const { text } = readFrom(file, from, bytes)
    // Its first line is a part of one, unless that is where the log begins.
    const found = (from === 0 ? text : text.slice(text.indexOf('\n') + 1)).trimEnd().split('\n')
    if (from === 0 || found.length >= lines) return found.slice(-lines).join('\n')
  }
}

/** What a log holds from a position on, and the position after it. A shortened or new file is read from its start. */
export function readFrom(
  file: string,
  position: number,
  mostBytes = 16 * tailBytes,
): { text: string; position: number } {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch {
    return { text: '', position: 0 }
  }
  try {
    const { size } = fstatSync(descriptor)
    const from = position > size ? 0 : position
    const bytes = Buffer.alloc(Math.min(size - from, mostBytes))
    const length = readSync(descriptor, bytes, 0, bytes.length, from)
    return { text: bytes.toString('utf8', 0, length), position: from + length }
  } finally {
    closeSync(descriptor)
  }
}

/** From now on: each call gives the whole lines that were added since the last. */
export function followLog(file: string): () => string[] {
  let position = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  let unfinished = ''
  return () => {
    const read = readFrom(file, position)
    position = read.position
    const lines = (unfinished + read.text).split('\n')
    unfinished = lines.pop() ?? ''
    return lines
  }
}
