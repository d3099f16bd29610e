import { Center, Loader } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { isProblem } from '../api/client.ts'
import { useSession } from '../api/queries.ts'
import { Failure } from '../parts/failure.tsx'
import { Clock } from '../parts/now.tsx'
import { Frame } from './frame.tsx'
import { Login } from './login.tsx'

/** Who it is comes first; the rest of the console only then. */
export function Shell() {
  const queries = useQueryClient()
  const { data: session, error, refetch } = useSession()
  const refused = isProblem(error) && (error.status === 401 || error.status === 403)

  // Also when a session that was open has ended: what is at this address is shown again after the login.
  if (refused) return <Login error={error} onLogin={() => void queries.resetQueries()} />
  if (session) {
    return (
      <Clock>
        <Frame session={session} />
      </Clock>
    )
  }
  return (
    <Center component="main" mih="100dvh" p="md">
      {error ? <Failure error={error} retry={() => void refetch()} /> : <Loader aria-label="Loading" />}
    </Center>
  )
}
