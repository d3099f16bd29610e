import { StackClient } from '../launcher/control-client.ts'
import { type Home, homeAt } from '../launcher/home.ts'
import { orphansOf } from '../launcher/orphans.ts'
import { readRunRecord } from '../launcher/run-record.ts'
import { StackError } from '../launcher/stack-error.ts'

export function clientOf(folder: string): StackClient {
  return new StackClient(homeAt(folder))
}

/** For commands that make sense only while a stack runs. */
export function notRunning(folder: string): StackError {
  return new StackError(notRunningMessage(homeAt(folder)))
}

function notRunningMessage(home: Home): string {
  const orphans = orphansOf(readRunRecord(home.runFile)).map(({ name }) => name)
  if (orphans.length === 0) return `No stack is running in ${home.folder}. Start it: npm start`
  return (
    `The stack in ${home.folder} has lost its supervisor, and ${orphans.join(', ')} still ` +
    `${orphans.length === 1 ? 'runs' : 'run'}. "npm start" ends them and starts anew; "npm run stop" ends them.`
  )
}
