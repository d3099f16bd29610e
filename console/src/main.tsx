import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './global.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isProblem } from './api/client.ts'
import { keys } from './api/queries.ts'
import { Shell } from './shell/shell.tsx'
import { readableColors, theme } from './theme.ts'

const queries = new QueryClient({
  // A token that has expired is refused everywhere: who it is has to be asked again.
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      const isSession = queryKey[0] === keys.session[0]
      if (isProblem(error) && error.status === 401 && !isSession)
        void queries.invalidateQueries({ queryKey: keys.session })
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 1_000,
      // What is refused stays refused; what is away may come back.
      retry: (failures, error) => failures < 2 && !(isProblem(error) && error.status < 500),
      retryDelay: 500,
    },
  },
})

const root = document.getElementById('root')
if (!root) throw new Error('the page has no root')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={readableColors} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <Shell />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
