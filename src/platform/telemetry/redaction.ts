/** What stands in the place of what nobody may read in a log. */
export const censored = '[redacted]'

/** Fields, headers and variables whose values are secrets, or addresses of people, wherever they stand. */
const secretName =
  '(?:proxy-)?authorization|(?:set-)?cookie|(?:x-)?api[_-]?key|pass(?:word|wd|phrase)?|' +
  '(?:client[_-])?secret|(?:access[_-]|refresh[_-]|id[_-])?token|e-?mail'

// A quote as it stands in JSON, and in JSON that is text within JSON, five deep. Whoever sends requests chooses what
// stands in lines: no pattern may take longer than in proportion to the line, so each has a bound, or one place to begin.
const escapes = '\\\\{0,31}'
const name = `(?<!\\\\)${escapes}"(?:${secretName})${escapes}"\\s{0,9}:\\s{0,9}`

// Where a word begins: after an escape of JSON too, whose last letter is none of the word's.
const begin = '(?:(?<=\\\\(?:[bfnrt]|u[0-9a-f]{4}))|(?<![\\p{L}\\p{N}_\\\\]))'

/**
 * In the order in which they are applied. A line is JSON: no pattern takes a quote away that it does not give back, nor
 * half of an escape.
 */
const patterns: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // "password":"…", "cookie":["…","…"], "token":12
  [new RegExp(`(${name})(${escapes})"(?:(?!\\2")(?:\\\\.|[^\\\\]))*\\2"`, 'gis'), `$1$2"${censored}$2"`],
  [new RegExp(`(${name})\\[[^\\]]{0,4000}\\]`, 'gi'), `$1["${censored}"]`],
  [new RegExp(`(${name})-?\\d[\\d.e+-]*`, 'gi'), `$1"${censored}"`],
  // postgres://user:password@host, but not the paths of packages.
  [/\b(?!file:)([a-z][a-z0-9+.-]{1,30}:\/\/)[^\s"'\\<>]{0,1000}@/gi, `$1${censored}@`],
  // Authorization: Bearer …, Cookie: a=b; c=d
  [
    new RegExp(
      `${begin}((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(\\s{0,9}[:=]\\s{0,9})(?!${escapes}")[^"\\\\\\r\\n]+`,
      'giu',
    ),
    `$1$2${censored}`,
  ],
  [
    new RegExp(`${begin}(bearer|basic)\\s{1,9}(?=\\S*[\\d=.])[A-Za-z0-9._~+/=-]{6,}`, 'giu'),
    `$1 ${censored}`,
  ],
  // password=…, ?token=…
  [new RegExp(`${begin}(${secretName})=(?!\\[)[^\\s&;,"'\\\\)]+`, 'giu'), `$1=${censored}`],
  // A JSON Web Token, an API key of ours and an address, wherever they stand; in paths they are percent-encoded.
  [new RegExp(`${begin}eyJ[A-Za-z0-9_-]{5,1000}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*`, 'gu'), censored],
  [new RegExp(`${begin}trk_[A-Za-z0-9]+_[A-Za-z0-9_-]+`, 'gu'), censored],
  [
    new RegExp(
      `${begin}(?<![.%+'-])[\\p{L}\\p{N}._%+'-]{1,256}?(?:@|%40)[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)*\\.\\p{L}{2,}`,
      'giu',
    ),
    censored,
  ],
]

/** Most lines have nothing that one of them could find, and are looked at once. */
const suspicious = /authorization|cookie|key|pass|secret|token|mail|bearer|basic|eyJ|trk_|@|%40/i

/** A line of a log without secrets and without addresses of people, whoever wrote them into it. */
export function redact(line: string): string {
  if (!suspicious.test(line)) return line
  return patterns.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), line)
}
