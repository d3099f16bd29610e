import { Group, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import classes from './page.module.css'

interface PageProps {
  readonly title: string
  /** What the page is for, in one line. */
  readonly about?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function Page({ title, about, actions, children }: PageProps) {
  useDocumentTitle(`${title} · TheReview console`)
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <Title order={1} fz={22}>
            {title}
          </Title>
          {about && (
            <Text size="sm" c="dimmed" component="div">
              {about}
            </Text>
          )}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </Group>
      {children}
    </Stack>
  )
}

export function Panel({
  title,
  aside,
  fill = false,
  children,
}: {
  title?: ReactNode
  aside?: ReactNode
  /** As high as its neighbour. */
  fill?: boolean
  children: ReactNode
}) {
  return (
    <section className={fill ? `panel ${classes.fill}` : 'panel'}>
      {title && (
        <Group
          justify="space-between"
          px="md"
          py={10}
          style={{ borderBottom: '1px solid var(--console-line)' }}
        >
          <Title order={2} fz={15}>
            {title}
          </Title>
          {typeof aside === 'string' ? (
            <Text size="xs" c="dimmed">
              {aside}
            </Text>
          ) : (
            aside
          )}
        </Group>
      )}
      {children}
    </section>
  )
}
