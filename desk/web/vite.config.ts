import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Every asset is a file of its own with its hash in the name: the page's policy allows no inline anything.
export default defineConfig({
  base: '/desk/',
  plugins: [react()],
  build: {
    outDir: '../static',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    sourcemap: false,
    cssCodeSplit: false,
  },
  server: { proxy: { '/desk/api': 'http://127.0.0.1:8600', '/desk/ws': { target: 'ws://127.0.0.1:8600', ws: true } } },
})
