import { ALT } from './hooks'

/** The shortcut of what it stands beside; told to screen readers by aria-keyshortcuts, so only drawn here. */
export function Key({ letter }: { letter: string }) {
  return <kbd className="key wide-only" aria-hidden="true">{ALT} {letter}</kbd>
}
