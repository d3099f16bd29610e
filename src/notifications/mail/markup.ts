/** HTML that is safe to show as it is. Only `html` makes it. */
export class Markup {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

type Value = string | number | Markup | readonly Markup[] | null

/** HTML with values in it: a text is escaped, markup stands as it is, null is nothing. */
export function html(literals: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const source = values.reduce<string>(
    (before, value, i) => before + sourceOf(value) + (literals[i + 1] ?? ''),
    literals[0] ?? '',
  )
  return new Markup(source)
}

/** A text with its line breaks. */
export function lines(text: string): Markup {
  return new Markup(text.split('\n').map(escapeHtml).join('<br>\n'))
}

function sourceOf(value: Value): string {
  if (value === null) return ''
  if (value instanceof Markup) return value.source
  if (typeof value === 'object') return value.map(({ source }) => source).join('')
  return escapeHtml(String(value))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
