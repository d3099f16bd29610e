import { Alert, Button, Code, Group, Text } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { isProblem } from '../api/client.ts'
import { sentence } from './format.ts'

const remedies: Readonly<Record<string, string>> = {
  unreachable: 'Start the ops service: npm run -s thereview -- start ops',
  unavailable: 'Something that this page needs is away. See Home for what, and how to bring it back.',
  forbidden: 'Log in with a token that has the role.',
  not_found: 'It may have been removed since. Go back to the list.',
}

/** What went wrong, and what to do about it. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = isProblem(error) ? error : null
  const remedy = problem ? remedies[problem.code] : undefined
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconPlugConnectedX aria-hidden />}
      title={error instanceof Error ? sentence(error.message) : 'Something went wrong'}
    >
      <Group justify="space-between" align="flex-end">
        <div>
          {remedy && <Text size="sm">{remedy}</Text>}
          {problem?.traceId && (
            <Text size="xs" c="dimmed" mt={4}>
              Under the trace id <Code>{problem.traceId}</Code> the log says more.
            </Text>
          )}
        </div>
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  )
}
