import { join } from 'node:path'

/**
 * Where Node keeps what it has compiled, as a process ends. The next one that finds its files there starts in half the
 * time, and without the compiler of types, which takes 10 to 20 MB for as long as the process lives. Not in the
 * temporary folder, where others could put something.
 */
export const compileCache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'compile')
