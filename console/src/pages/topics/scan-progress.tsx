import { Button, Group, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { countOf, formatCount } from '../../parts/format.ts'
import { download } from './download.ts'
import type { Scan } from './use-messages.ts'

/** How far a scan or a watch has come, its end, and what can be done with what it found. */
export function ScanProgress({ topic, scan, isTailing }: { topic: string; scan: Scan; isTailing: boolean }) {
  const { state, scanned, messages, skipped, cancel, reason } = scan
  const ended = { limit: 'more may match', end: 'that is all', bound: 'stopped at its bound' } as const
  return (
    <Group justify="space-between" px="md" pb="xs" mih={30}>
      <Text size="xs" c="dimmed" className="num" role="status">
        {isTailing
          ? `${countOf(messages.length, 'record')} since you watch${skipped > 0 ? `, ${formatCount(skipped)} too many to show` : ''}`
          : `${countOf(messages.length, 'record')} of ${formatCount(scanned)} read${state === 'done' && reason ? `: ${ended[reason]}` : ''}`}
      </Text>
      <Group gap="xs">
        {messages.length > 0 && (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconDownload size={13} aria-hidden />}
            onClick={() => download(`${topic}.ndjson`, messages)}
          >
            Download
          </Button>
        )}
        {state === 'running' && !isTailing && (
          <Button size="compact-xs" variant="default" onClick={cancel}>
            Cancel
          </Button>
        )}
      </Group>
    </Group>
  )
}
