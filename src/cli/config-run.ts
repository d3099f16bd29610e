import { writeFile } from 'node:fs/promises'
import { styleText } from 'node:util'
import { configurationPage, valueText } from '../platform/config/document.ts'
import { everyService } from '../platform/config/every-service.ts'
import type { Variable } from '../platform/config/variable.ts'
import {
  ConfigError,
  type Environment,
  readConfig,
  readSetting,
  type VariableName,
  variableNames,
  variables,
} from '../platform/config.ts'
import { type ProcessName, processNames, variablesOf } from '../services/variables.ts'
import { stackEnvironment } from './stack-environment.ts'
import { table } from './table.ts'

/** The exit code: 1 where something is wrong. */
export async function check(processes: readonly ProcessName[]): Promise<number> {
  const names = namesOf(processes)
  const problems = problemsOf(names, await stackEnvironment())
  if (problems.length === 0) {
    process.stdout.write(`${styleText('green', 'All is well')}: ${names.length} variables.\n`)
    return 0
  }
  process.stdout.write(problems.map((problem) => `${styleText('red', '✗')} ${problem}\n`).join(''))
  return 1
}

function problemsOf(names: readonly VariableName[], environment: Environment): readonly string[] {
  try {
    readConfig(names, environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

export async function show(processes: readonly ProcessName[], json: boolean): Promise<void> {
  const environment = await stackEnvironment()
  const settings = namesOf(processes).map((name) => settingOf(name, environment))
  const rows = settings.map(({ name, value, source }) => [name, value, styleText('dim', source)])
  process.stdout.write(
    json
      ? `${JSON.stringify(settings, null, 2)}\n`
      : table([{ title: 'VARIABLE' }, { title: 'VALUE' }, { title: 'FROM' }], rows),
  )
}

function settingOf(name: VariableName, environment: Environment) {
  const setting = readSetting(name, environment)
  if ('problem' in setting) return { name, value: setting.problem, source: 'problem' }
  const { secret }: Variable<unknown> = variables[name]
  const hidden = secret === true && setting.value !== null
  return {
    name,
    value: hidden ? '(hidden)' : valueText(variables[name], setting.value),
    source: setting.source,
  }
}

function namesOf(processes: readonly ProcessName[]): VariableName[] {
  if (processes.length === 0) return variableNames
  const wanted = new Set<VariableName>([
    ...processes.flatMap((process) => [...variablesOf[process]]),
    ...everyService,
  ])
  return variableNames.filter((name) => wanted.has(name))
}

export const pageUrl = new URL('../../docs/configuration.md', import.meta.url)

export async function writePage(): Promise<void> {
  await writeFile(pageUrl, page())
  process.stdout.write('docs/configuration.md is written.\n')
}

export function page(): string {
  return configurationPage((name) => {
    const processes = processNames.filter((process) => [...variablesOf[process]].some((one) => one === name))
    return everyService.some((one) => one === name) ? ['every service', ...processes] : processes
  })
}
