import { sections, type VariableName, variables } from '../config.ts'
import { required, type Variable } from './variable.ts'

/** Some variables as a terminal shows them: what each means, what it takes, and what holds without it. */
export function variablesText(names: readonly VariableName[]): string {
  const entries = names.map((name) => {
    const variable: Variable<unknown> = variables[name]
    return `  ${name}\n      ${variable.about}\n      wants ${variable.wants}; ${withoutIt(variable)}\n`
  })
  return `Variables of the environment (X may also be given as X_FILE, the path of a file):\n\n${entries.join('')}`
}

/** `docs/configuration.md`, whole. */
export function configurationPage(readersOf: (name: VariableName) => readonly string[]): string {
  return [introduction, ...Object.entries(sections).map(section)].join('\n')

  function section([title, members]: [string, Readonly<Record<string, Variable<unknown>>>]): string {
    const rows = Object.entries(members).map(([name, variable]) => {
      const readers = readersOf(name as VariableName).join(', ')
      return `| \`${name}\` | ${variable.about} | ${variable.wants} | ${fallbackCell(variable)} | ${readers} |`
    })
    return [
      `## ${title}`,
      '',
      '| variable | what it is | wants | without it | read by |',
      '|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n')
  }
}

const introduction = `# Configuration

Made from \`src/platform/config.ts\` by \`npm run -s thereview -- config docs\`: change it there.

Every process is configured by its environment alone. An empty variable counts as one that is not set. Each may also
be given as a file, whose path is in the variable with \`_FILE\` added; secrets are best handed over like that. A process
that finds something wrong names all of it at once and does not start. \`thereview config check\` finds it beforehand, and
\`thereview config show\` prints the values in force, without secrets.
`

function fallbackCell(variable: Variable<unknown>): string {
  const { fallback, secret } = variable
  const cell =
    fallback === required
      ? '**required**'
      : isNothing(fallback)
        ? '–'
        : `\`${valueText(variable, fallback)}\``
  return secret ? `${cell} (secret)` : cell
}

function withoutIt(variable: Variable<unknown>): string {
  const { fallback } = variable
  if (fallback === required) return 'required'
  return isNothing(fallback) ? 'none by default' : `by default ${valueText(variable, fallback)}`
}

function isNothing(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

/** A value as it would be written in the environment. */
export function valueText({ write }: Variable<unknown>, value: unknown): string {
  if (write) return write(value)
  return Array.isArray(value) ? value.join(',') : String(value ?? '')
}
