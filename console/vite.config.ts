import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // Browsers that know `light-dark()`, so that it is left as it is.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The browser's cache keeps each by the hash in its name.
    assetsDir: 'assets',
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
