/** A key that stands twice in one object of a JSON text, which has to be valid; null where there is none. */
export function duplicateKey(json: string): string | null {
  // One entry for each object or array that is open; arrays have no keys.
  const open: (Set<string> | null)[] = []
  let key = false
  for (let index = 0; index < json.length; index += 1) {
    switch (json[index]) {
      case '{':
        open.push(new Set())
        key = true
        break
      case '[':
        open.push(null)
        key = false
        break
      case '}':
      case ']':
        open.pop()
        key = false
        break
      case ',':
        key = open.at(-1) != null
        break
      case '"': {
        const end = endOfString(json, index)
        const keys = open.at(-1)
        if (key && keys) {
          const name = nameOf(json.slice(index, end + 1))
          if (keys.has(name)) return name
          keys.add(name)
          key = false
        }
        index = end
        break
      }
    }
  }
  return null
}

function endOfString(json: string, start: number): number {
  let index = start + 1
  while (json[index] !== '"') index += json[index] === '\\' ? 2 : 1
  return index
}

/** `"a"` and `"\u0061"` are the same key. */
function nameOf(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1)
}
