import { Alert, Button, Center, Group, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { isProblem, type ProblemError, token } from '../api/client.ts'
import { Command } from '../parts/command.tsx'
import { Details } from '../parts/details.tsx'
import { sentence } from '../parts/format.ts'

const roles = [
  ['moderator', 'looks'],
  ['operator', 'also replays, discards and reveals'],
  ['admin', 'also resets offsets and changes topics'],
] as const

/** Asks for a token of the API, which is kept for this tab alone. */
export function Login({ error, onLogin }: { error: unknown; onLogin: () => void }) {
  const [text, setText] = useState('')
  const refused = token.read() !== null && isProblem(error) ? error : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    token.store(text.trim())
    onLogin()
  }
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" radius="lg" w="100%" maw={480}>
        <form onSubmit={submit}>
          <Stack>
            <Group gap="sm">
              <img src="/favicon.svg" width={28} height={28} alt="" />
              <Title order={1} fz={22}>
                TheReview console
              </Title>
            </Group>
            <Text size="sm" c="dimmed">
              Log in with a Bearer token of the API. It is kept for this tab alone.
            </Text>
            <Details items={roles} />
            {refused && (
              <Alert
                color="red"
                icon={<IconLock aria-hidden />}
                role="alert"
                title={sentence(refused.message)}
              >
                {remedyOf(refused)}
              </Alert>
            )}
            <PasswordInput
              label="Token"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
              required
            />
            <Button type="submit" disabled={text.trim() === ''}>
              Log in
            </Button>
            <div>
              <Text size="xs" c="dimmed" mb={4}>
                A token for trials:
              </Text>
              <Command text="npm run -s thereview -- token --user me --role operator" />
            </div>
          </Stack>
        </form>
      </Paper>
    </Center>
  )
}

function remedyOf({ status }: ProblemError): string {
  return status === 403
    ? 'The token is good, but gives no role here: ask for one with moderator, operator or admin.'
    : 'Log in with another; the page that you were on comes back.'
}
