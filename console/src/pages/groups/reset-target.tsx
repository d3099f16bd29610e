import { Group, NumberInput, TextInput } from '@mantine/core'
import type { ResetTarget } from '../../../../src/ops/contract/groups.ts'

/** Where to go on from, as it is being chosen. */
export interface Place {
  readonly kind: string
  /** Local time, as the field has it; empty until one is chosen. */
  readonly moment: string
  readonly offset: number
  readonly partition: number
}

export const placeKinds = [
  { value: 'earliest', label: 'First record' },
  { value: 'latest', label: 'End' },
  { value: 'time', label: 'Moment' },
  { value: 'offset', label: 'Offset' },
]

/** Null while something is missing. */
export function targetOf({ kind, moment, offset, partition }: Place): ResetTarget | null {
  switch (kind) {
    case 'time':
      return moment === '' ? null : { to: 'time', at: new Date(moment).toISOString() }
    case 'offset':
      return { to: 'offset', offset, partition }
    default:
      return { to: kind === 'latest' ? 'latest' : 'earliest' }
  }
}

/** What else has to be said of a place of this kind. */
export function PlaceFields({ place, onChange }: { place: Place; onChange: (place: Place) => void }) {
  switch (place.kind) {
    case 'time':
      return (
        <TextInput
          type="datetime-local"
          step={1}
          label="The first record not before"
          value={place.moment}
          onChange={(event) => onChange({ ...place, moment: event.currentTarget.value })}
        />
      )
    case 'offset':
      return (
        <Group grow>
          <NumberInput
            label="Partition"
            min={0}
            value={place.partition}
            onChange={(value) => onChange({ ...place, partition: Number(value) || 0 })}
          />
          <NumberInput
            label="Offset"
            min={0}
            value={place.offset}
            onChange={(value) => onChange({ ...place, offset: Number(value) || 0 })}
            thousandSeparator=","
          />
        </Group>
      )
    default:
      return null
  }
}
