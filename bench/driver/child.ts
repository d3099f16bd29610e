import { fork } from 'node:child_process'
import { endWithUs } from './end-with-us.ts'

/**
 * Runs a file as a process of its own, hands it one message and resolves with the one that it answers. Between
 * processes of one version of this project alone, so the answer is taken for what the file declares.
 */
export function runChild<Plan extends object, Result>(file: string, plan: Plan): Promise<Result> {
  const answered = Promise.withResolvers<Result>()
  const child = fork(file, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  endWithUs(child)
  child.once('message', (result: Result) => answered.resolve(result))
  child.once('error', answered.reject)
  child.once('exit', (code, signal) => {
    answered.reject(new Error(`${file} ended with ${signal ?? code} before it had a result`))
  })
  child.send(plan)
  return answered.promise
}
