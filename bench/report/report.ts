import type { SectionResult } from '../figure.ts'
import type { Machine } from '../stack/machine.ts'
import type { SettingsInForce } from '../stack/settings-in-force.ts'
import type { Verdict } from './targets.ts'

/** All of a run: what is written as JSON. */
export interface Report {
  readonly began_at: string
  readonly seconds: number
  readonly quick: boolean
  readonly machine: Machine
  readonly settings: SettingsInForce
  readonly sections: readonly SectionResult[]
  readonly targets: readonly Verdict[]
}

/** As what people and programs name the file of a run. */
export function fileNameOf({ began_at }: Pick<Report, 'began_at'>): string {
  return `${began_at.slice(0, 19).replaceAll(':', '-')}.json`
}
