import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { isProblem, token } from '../api/client.ts'

/** Asks for a token of the API, which is kept for this tab alone. */
export function Login({ error, onLogin }: { error: unknown; onLogin: () => void }) {
  const [text, setText] = useState('')
  const tried = token.read() !== null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    token.store(text.trim())
    onLogin()
  }
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" radius="lg" w="100%" maw={440}>
        <form onSubmit={submit}>
          <Stack>
            <Title order={1} fz={22}>
              TheReview console
            </Title>
            <Text size="sm" c="dimmed">
              Log in with a Bearer token of the API that has the role moderator (look), operator (replay,
              discard) or admin (everything).
            </Text>
            {tried && isProblem(error) && (
              <Alert color="red" icon={<IconLock aria-hidden />} role="alert">
                {error.message}
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
            <Text size="xs" c="dimmed">
              For trials: npm run -s thereview -- token --user me --role operator
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  )
}
