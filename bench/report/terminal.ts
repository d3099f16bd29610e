import { styleText } from 'node:util'
import { table } from '../../src/cli/table.ts'
import type { Row, SectionResult } from '../figure.ts'
import { isBusy, type Machine } from '../stack/machine.ts'
import type { SettingsInForce } from '../stack/settings-in-force.ts'
import type { Compare } from './compare.ts'
import { formatFigure, formatValue } from './format.ts'
import type { Verdict } from './targets.ts'

export function machineText(machine: Machine): string {
  const { cores, cpu, memory_gib, system, node, commit, load_before } = machine
  const facts = [
    `${cores} cores (${cpu})`,
    `${memory_gib} GiB`,
    system,
    `Node ${node}`,
    `commit ${commit ?? '–'}`,
  ]
  const others = `others are at work here (load ${load_before.toFixed(1)}): rates will be too low, latencies too high`
  const warning = isBusy(machine) ? styleText('yellow', `warning   ${others}\n`) : ''
  return `${styleText('dim', 'machine')}   ${facts.join(', ')}\n${warning}`
}

export function settingsText(settings: SettingsInForce): string {
  const facts = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  return `${styleText('dim', 'settings')}  ${facts.join(', ')}\n`
}

export function sectionText({ letter, title, rows }: SectionResult, compare: Compare): string {
  const labelWidth = Math.max(...rows.map(({ label }) => label.length))
  const lines = rows.map((row) => {
    const note = row.note ? styleText('dim', `  (${row.note})`) : ''
    return `  ${row.label.padEnd(labelWidth)}  ${figuresText(row, compare)}${note}\n`
  })
  return `\n${styleText('bold', `(${letter}) ${title}`)}\n${lines.join('')}`
}

function figuresText(row: Row, compare: Compare): string {
  const texts = row.figures.map((figure) => {
    const ratio = compare(row.id, figure)
    return formatFigure(figure) + (ratio === null ? '' : styleText('cyan', ` [${formatValue(ratio, '×')}]`))
  })
  return texts.join('   ')
}

export function verdictsText(verdicts: readonly Verdict[]): string {
  const columns = [
    { title: 'target' },
    { title: 'wanted', align: 'right' },
    { title: 'beyond', align: 'right' },
    { title: 'measured', align: 'right' },
    { title: 'met' },
  ] as const
  const rows = verdicts.map(({ what, target, beyond, measured, met }) => [
    what,
    target,
    beyond,
    measuredText(measured),
    styleText(colours[met], met),
  ])
  return `\n${table(columns, rows)}`
}

const colours = { 'not measured': 'dim', no: 'red', yes: 'green', beyond: 'green' } as const

export function measuredText(measured: Verdict['measured']): string {
  return measured.map(({ value, unit }) => (value === null ? '–' : formatValue(value, unit))).join(', ')
}
