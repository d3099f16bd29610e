export interface DifferenceLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
  /** Its place in the answer. */
  readonly number: number
}

/** Line by line, by their longest common subsequence: schemas have hundreds of lines, not thousands. */
export function differences(before: string, after: string): DifferenceLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: Omit<DifferenceLine, 'number'>[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] ?? '' })
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'removed', text: a[i] ?? '' })
      i += 1
    } else {
      lines.push({ kind: 'added', text: b[j] ?? '' })
      j += 1
    }
  }
  return lines.map((line, number) => ({ ...line, number }))
}
