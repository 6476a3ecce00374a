/** Single-key commands of a page. They are silent while somebody types, and while a dialog is open. */
import { onMounted, onUnmounted } from 'vue'

export type KeyMap = Record<string, () => void>

const TYPING = 'input, textarea, select, [contenteditable="true"], [role="combobox"]'

/** The command a key press asks for, or null. */
export function commandOf(event: KeyboardEvent, keys: KeyMap): (() => void) | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null
  // A key held down may walk a list, but must not decide one item after the other.
  if (event.repeat && !WALKING.has(event.key)) return null
  const target = event.target
  if (target instanceof Element && target.matches(TYPING) && !isCheckbox(target)) return null
  const name = event.shiftKey ? `Shift+${event.key.toUpperCase()}` : event.key.length === 1 ? event.key.toLowerCase() : event.key
  const command = keys[name]
  // Only then: on a page of thousands of rows the search for a dialog takes its time.
  return command && !dialogIsOpen() ? command : null
}

const WALKING = new Set(['j', 'k', 'J', 'K', 'ArrowDown', 'ArrowUp'])

/** Keys by which a dialog is left. */
const CLOSING = new Set(['Escape', 'Enter', ' '])

function dialogIsOpen(): boolean {
  const dialogs = [...document.querySelectorAll<HTMLElement>('dialog[open], [role="dialog"][aria-modal="true"]')]
  return dialogs.some((dialog) => dialog.getClientRects().length > 0)
}

const isCheckbox = (element: Element) => element instanceof HTMLInputElement && element.type === 'checkbox'

export function useKeys(keys: KeyMap) {
  // A dialog that this very press closes is gone before the page hears of it: Esc is then the dialog's alone.
  let wasOpen = false
  const before = (event: KeyboardEvent) => {
    wasOpen = CLOSING.has(event.key) && dialogIsOpen()
  }
  const onKey = (event: KeyboardEvent) => {
    if (wasOpen) return
    const command = commandOf(event, keys)
    if (!command) return
    event.preventDefault()
    command()
  }
  onMounted(() => {
    window.addEventListener('keydown', before, true)
    window.addEventListener('keydown', onKey)
  })
  onUnmounted(() => {
    window.removeEventListener('keydown', before, true)
    window.removeEventListener('keydown', onKey)
  })
}
