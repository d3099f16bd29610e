/** A call and everything that was called from it, with the time in all of it. */
export interface Frame {
  readonly name: string
  /** Whose code it is: the project's own, a package's, or the engine's. */
  readonly owner: 'own' | 'package' | 'node'
  readonly milliseconds: number
  readonly callees: readonly Frame[]
}

/** As Node writes it with `--cpu-prof`; deltas are in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const outsideWork = new Set(['(idle)', '(program)'])

/** The calls of a profile, those of one function in one place taken together. What was idle is left out. */
export function framesOf({ nodes, samples, timeDeltas }: CpuProfile): Frame {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const own = new Map<number, number>()
  for (const [i, id] of samples.entries()) own.set(id, (own.get(id) ?? 0) + (timeDeltas[i] ?? 0) / 1_000)

  const merge = (ids: readonly number[], name: string, owner: Frame['owner']): Frame => {
    const callees = ids
      .flatMap((id) => byId.get(id)?.children ?? [])
      .flatMap((id) => byId.get(id) ?? [])
      .filter(({ callFrame }) => !outsideWork.has(callFrame.functionName))
    const groups = Map.groupBy(callees, ({ callFrame }) => `${callFrame.functionName} ${callFrame.url}`)
    const frames = [...groups.values()].flatMap((group) => {
      const [first] = group
      if (!first) return []
      const { functionName, url } = first.callFrame
      return [
        merge(
          group.map(({ id }) => id),
          nameOf(functionName, url),
          ownerOf(url),
        ),
      ]
    })
    const self = ids.reduce((sum, id) => sum + (own.get(id) ?? 0), 0)
    const milliseconds = frames.reduce((sum, frame) => sum + frame.milliseconds, self)
    return { name, owner, milliseconds, callees: frames.toSorted((a, b) => b.milliseconds - a.milliseconds) }
  }
  const [root] = nodes
  return merge(root ? [root.id] : [], 'all', 'node')
}

function nameOf(functionName: string, url: string): string {
  const file = url.replace(/^.*\/node_modules\//, '').replace(/^file:\/\/.*?\/src\//, '')
  return `${functionName || '(anonymous)'}${file ? ` ${file}` : ''}`
}

function ownerOf(url: string): Frame['owner'] {
  if (url.includes('/node_modules/')) return 'package'
  return url.startsWith('file:') ? 'own' : 'node'
}

const width = 1_200
const rowHeight = 17
/** Narrower than this nobody sees it. */
const minWidth = 1.5
const fills = { own: '#4c8bf5', package: '#f2a63b', node: '#9aa5b1' } as const

/** An icicle: who calls whom from top to bottom, as wide as its share of the busy time. */
export function flameGraph(root: Frame, title: string): string {
  const boxes: string[] = []
  let deepest = 0
  const draw = (frame: Frame, x: number, depth: number) => {
    const w = (frame.milliseconds / root.milliseconds) * width
    if (w < minWidth) return
    deepest = Math.max(deepest, depth)
    const share = ((100 * frame.milliseconds) / root.milliseconds).toFixed(1)
    const [y, label] = [depth * rowHeight + 40, frame.name.slice(0, Math.floor((w - 6) / 6.2))]
    boxes.push(
      `<g><title>${escaped(frame.name)}: ${share} %</title>` +
        `<rect x="${x.toFixed(1)}" y="${y}" width="${(w - 0.5).toFixed(1)}" height="${rowHeight - 1}" fill="${fills[frame.owner]}"/>` +
        (w > 30 ? `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escaped(label)}</text>` : '') +
        '</g>',
    )
    let at = x
    for (const callee of frame.callees) {
      draw(callee, at, depth + 1)
      at += (callee.milliseconds / root.milliseconds) * width
    }
  }
  draw(root, 0, 0)
  const height = (deepest + 1) * rowHeight + 46
  const legend = 'blue: TheReview · orange: packages · grey: Node.js and V8'
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="monospace" font-size="10">` +
    `<title>${escaped(title)}</title>` +
    `<rect width="100%" height="100%" fill="#ffffff"/><text x="4" y="16" font-size="14">${escaped(title)}</text>` +
    `<text x="4" y="32">${legend}</text>${boxes.join('\n')}</svg>\n`
  )
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
