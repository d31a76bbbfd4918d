// Writes ../static/manifest.json: which sources were built into which files. A test without node reads it and fails
// when somebody changes a source and forgets to build.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const digest = (path) => createHash('sha256').update(readFileSync(path)).digest('hex')
const files = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
const sources = ['index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'eslint.config.js', 'manifest.mjs', ...files('src')]
const built = files('../static').filter((path) => !path.endsWith('manifest.json'))
const list = (paths) => Object.fromEntries(paths.map((path) => [path.replaceAll('\\', '/').replace('../static/', ''), digest(path)]))
writeFileSync('../static/manifest.json', JSON.stringify({ sources: list(sources), built: list(built) }, null, 1) + '\n')
