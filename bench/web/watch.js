// Runs in the page before the app: times what the app does, from outside of it. Each
// mark is a time of performance.now(); "painted" is the first task after the next frame.
(() => {
  const seen = { submitted: 0, derived: 0, tapped: 0, committed: 0, keystrokes: [] }
  window.bench = seen
  const now = () => performance.now()
  const id = (name) => `[data-testid="${name}"]`

  // The passphrase's key is imported as soon as it is derived, and nothing before it.
  const importKey = SubtleCrypto.prototype.importKey
  SubtleCrypto.prototype.importKey = function (...args) {
    if (seen.submitted > 0 && seen.derived === 0) seen.derived = now()
    return importKey.apply(this, args)
  }

  // A form is saved when the transaction that stores its ops is complete.
  const transaction = IDBDatabase.prototype.transaction
  IDBDatabase.prototype.transaction = function (stores, mode, ...rest) {
    const begun = transaction.call(this, stores, mode, ...rest)
    const names = [stores].flat()
    if (mode === 'readwrite' && names.includes('ops') && names.includes('drafts')) begun.addEventListener('complete', () => (seen.committed = now()))
    return begun
  }

  addEventListener('click', ({ target }) => {
    if (target.closest(`${id('unlock-submit')}, ${id('choose-submit')}`)) Object.assign(seen, { submitted: now(), derived: 0 })
    if (target.closest(id('save-visit'))) Object.assign(seen, { tapped: now(), committed: 0 })
  }, { capture: true })

  // A keystroke is over when the list is rendered for it and laid out anew.
  addEventListener('input', ({ target }) => {
    if (!target.matches(id('household-search'))) return
    const began = now()
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      const list = document.querySelector(id('household-list'))
      seen.keystrokes.push({ query: target.value, height: list.offsetHeight, found: Number(list.dataset.count), millis: now() - began })
    }
    port2.postMessage(null)
  }, { capture: true })

  /** Resolves with the time at which the selector was there and painted. */
  window.painted = (selector) => new Promise((resolve) => {
    const look = () => {
      if (document.querySelector(selector) === null) return
      watcher.disconnect()
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => resolve(now())
        port2.postMessage(null)
      })
    }
    const watcher = new MutationObserver(look)
    watcher.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-count', 'data-testid', 'data-pending'] })
    look()
  })
})()
