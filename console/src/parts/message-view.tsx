import { Alert, Group, Stack, Table, Tabs, Text } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import type { Message } from '../../../src/ops/contract/messages.ts'
import { ActButton } from './act-button.tsx'
import { formatBytes } from './format.ts'
import classes from './message-view.module.css'
import { Scrolled } from './scrolled.tsx'

interface MessageViewProps {
  readonly message: Message
  readonly revealed: boolean
  readonly onReveal: () => void
}

/** A record's value and headers, as text alone. What is personal stays hidden until somebody says that they must see it. */
export function MessageView({ message, revealed, onReveal }: MessageViewProps) {
  return (
    <Stack gap="sm">
      {message.problem && (
        <Alert color="yellow" variant="light" title="This is no event that can be read">
          {message.problem}
        </Alert>
      )}
      <Tabs defaultValue="value" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="value">Value</Tabs.Tab>
          <Tabs.Tab value="headers">Headers ({message.headers.length})</Tabs.Tab>
          <Tabs.Tab value="raw">Raw</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="value" pt="sm">
          {message.json === null ? (
            <Nothing message={message} />
          ) : (
            <Scrolled className={classes.text} label="Value">
              {message.json}
            </Scrolled>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="headers" pt="sm">
          <Table layout="fixed">
            <Table.Tbody>
              {message.headers.map(({ name, value }) => (
                <Table.Tr key={`${name} ${value}`}>
                  <Table.Th w="38%" fz="xs" style={{ overflowWrap: 'anywhere' }}>
                    {name}
                  </Table.Th>
                  <Table.Td fz="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                    {value ?? 'null'}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Tabs.Panel>
        <Tabs.Panel value="raw" pt="sm">
          {message.raw === null ? (
            <Nothing message={message} />
          ) : (
            <Scrolled className={classes.text} label="Raw">
              {message.raw}
            </Scrolled>
          )}
        </Tabs.Panel>
      </Tabs>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {formatBytes(message.bytes)} at {message.topic}-{message.partition}, offset {message.offset}
        </Text>
        {revealed ? (
          <Text size="xs" c="dimmed">
            <IconEye size={13} aria-hidden /> revealed, and noted in the audit
          </Text>
        ) : (
          <ActButton
            needs="operator"
            size="compact-sm"
            variant="default"
            leftSection={<IconEyeOff size={14} aria-hidden />}
            onAct={onReveal}
          >
            Reveal personal data
          </ActButton>
        )}
      </Group>
    </Stack>
  )
}

function Nothing({ message }: { message: Message }) {
  const hidden = message.masked && message.bytes > 0
  return (
    <Text size="sm" c="dimmed">
      {hidden
        ? 'Hidden until it is revealed: what is in it is not known.'
        : message.bytes === 0
          ? 'The value is empty.'
          : 'The bytes are no UTF-8 text.'}
    </Text>
  )
}
