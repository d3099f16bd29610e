import { enableCompileCache } from 'node:module'
import { compileCache } from '../launcher/compile-cache.ts'

// Before anything is imported that is worth keeping.
enableCompileCache(compileCache)
await import('./program.ts')
