// How both entries are built. One place, so that their output obeys the same
// rules: nothing that differs from run to run, no source maps, and no file name
// that begins with "_" (Go's embed leaves those out).
import type { BuildOptions } from 'vite'

/** The oldest engine a tablet in the field is expected to have. */
const oldestBrowser = ['chrome87', 'safari14']

type Chunk = { name: string }

const visibleName = (chunk: Chunk): string =>
  `assets/${chunk.name.replace(/^_+/, '').replace(/[^A-Za-z0-9-]/g, '-')}-[hash].js`

export function output(outDir: string, input: string): BuildOptions {
  return {
    outDir,
    emptyOutDir: true,
    sourcemap: false,
    target: oldestBrowser,
    reportCompressedSize: true,
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input,
      output: {
        entryFileNames: visibleName,
        chunkFileNames: visibleName,
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  }
}
