import { Group, Kbd, SimpleGrid, Text } from '@mantine/core'
import { Dialog } from '../parts/dialog.tsx'
import { places } from './places.ts'

const others = [
  ['/', 'search, or the command palette'],
  ['Ctrl K', 'command palette'],
  ['j  k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['Esc', 'close what is open'],
  ['?', 'these keys'],
] as const

export function KeyHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const lines = [...places.map(({ key, title }) => [`g  ${key}`, title] as const), ...others]
  return (
    <Dialog opened={opened} onClose={onClose} title="Keyboard" size="lg">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        {lines.map(([keys, does]) => (
          <Group key={keys} gap="sm" wrap="nowrap">
            <Group gap={4} w={84} wrap="nowrap" flex="none">
              {keys.split(/\s+/).map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
            <Text size="sm">{does}</Text>
          </Group>
        ))}
      </SimpleGrid>
    </Dialog>
  )
}
