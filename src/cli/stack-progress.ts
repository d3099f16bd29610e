import { styleText } from 'node:util'
import type { PartState } from '../launcher/part.ts'

export type ProgressPart = {
  name: string
  state: PartState
  detail?: string | undefined
  url?: string | undefined
}
type Output = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows' | 'write'>
export type Progress = { /** Shows the last state; a second time does nothing. */ end: () => void }

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const tickMs = 100

/** Shows how the parts come up until it is ended: a block that lives on a terminal, lines elsewhere. */
export function showProgress(read: () => readonly ProgressPart[], output: Output): Progress {
  const { draw, tidyUp } = output.isTTY ? liveBlock(read, output) : plainLines(read, output)
  draw()
  const timer = setInterval(draw, tickMs)
  let hasEnded = false
  return {
    end: () => {
      if (hasEnded) return
      hasEnded = true
      clearInterval(timer)
      draw()
      tidyUp?.()
    },
  }
}

type Display = { draw: () => void; tidyUp?: () => void }

function liveBlock(read: () => readonly ProgressPart[], output: Output): Display {
  const startedAt = Date.now()
  let height = 0
  let tick = 0
  const draw = () => {
    const seconds = (Date.now() - startedAt) / 1000
    const frame = spinner[tick++ % spinner.length] ?? ''
    const lines = progressLines(read(), { frame, seconds, width: output.columns, height: output.rows - 1 })
    // Back to the block's first line, and everything below it anew.
    output.write(`\r${height > 0 ? `\x1b[${height}A` : ''}\x1b[0J${lines.join('\n')}\n`)
    height = lines.length
  }
  output.write('\x1b[?25l') // hides the cursor
  return { draw, tidyUp: () => output.write('\x1b[?25h') }
}

type View = { frame: string; seconds: number; width: number; height: number }

/** One line a part, cut to the width, so that the block's height is what was counted. */
export function progressLines(parts: readonly ProgressPart[], view: View): string[] {
  const ready = parts.filter(({ state }) => state === 'ready' || state === 'external').length
  const title = `Starting TheReview   ${ready} of ${parts.length} ready   ${view.seconds.toFixed(1)} s`
  const nameWidth = Math.max(...parts.map(({ name }) => name.length))
  const lines = parts.map((part) => {
    const { mark, colour } = markOf(part, view.frame)
    const text = part.state === 'ready' || part.state === 'external' ? (part.url ?? '') : (part.detail ?? '')
    const line = cut(`${part.name.padEnd(nameWidth)}  ${text}`, view.width - 5)
    return `  ${styleText(colour, mark)} ${line.slice(0, nameWidth)}${styleText('dim', line.slice(nameWidth))}`
  })
  // Of a block that is higher than the terminal, what is not ready matters most.
  const fitting =
    lines.length < view.height
      ? lines
      : lines.filter((_, i) => parts[i]?.state !== 'ready').slice(0, view.height - 1)
  return [styleText('bold', cut(title, view.width - 1)), ...fitting]
}

function markOf(part: ProgressPart, frame: string) {
  if (part.state === 'ready') return { mark: '✔', colour: 'green' } as const
  if (part.state === 'external') return { mark: '↗', colour: 'cyan' } as const
  if (part.state === 'failed') return { mark: '✖', colour: 'red' } as const
  if (part.state === 'stopped' || part.detail?.startsWith('waits'))
    return { mark: '·', colour: 'dim' } as const
  return { mark: frame, colour: 'yellow' } as const
}

function cut(text: string, width: number): string {
  const line = text.replaceAll('\n', ' ')
  return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line
}

/** A line for each step of a part, and not for each number in it. */
function plainLines(read: () => readonly ProgressPart[], output: Output): Display {
  const last = new Map<string, string>()
  const print = () => {
    for (const part of read()) {
      const text =
        part.state === 'ready' || part.state === 'external' ? part.state : (part.detail ?? part.state)
      const step = text.split(' ')[0] ?? ''
      if (last.get(part.name) === step || part.state === 'stopped') continue
      last.set(part.name, step)
      output.write(`${part.name}: ${text}\n`)
    }
  }
  return { draw: print }
}
