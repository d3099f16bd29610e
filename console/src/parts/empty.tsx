import { Stack, Text, ThemeIcon } from '@mantine/core'
import { IconMoodSmile } from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'

interface EmptyProps {
  readonly title: string
  readonly children?: ReactNode
  readonly icon?: ComponentType<{ size?: number }>
}

/** That there is nothing, why, and what would change it. */
export function Empty({ title, children, icon: Icon = IconMoodSmile }: EmptyProps) {
  return (
    <Stack align="center" gap={6} py={48} px="md">
      <ThemeIcon variant="light" color="gray" size={44} radius="xl" aria-hidden>
        <Icon size={24} />
      </ThemeIcon>
      <Text fw={600} mt={4}>
        {title}
      </Text>
      {children && (
        <Text size="sm" c="dimmed" ta="center" maw={440} component="div">
          {children}
        </Text>
      )}
    </Stack>
  )
}
