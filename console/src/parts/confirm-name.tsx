import { Text, TextInput } from '@mantine/core'

/** For what cannot be undone: the name has to be typed. */
export function ConfirmName({
  name,
  typed,
  onChange,
}: {
  name: string
  typed: string
  onChange: (text: string) => void
}) {
  return (
    <TextInput
      label={
        <Text size="sm" component="span">
          Type <b>{name}</b> to confirm
        </Text>
      }
      value={typed}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="off"
      spellCheck={false}
    />
  )
}
