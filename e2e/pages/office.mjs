// What the office's screens have in common for scenarios.

/** How many pixels a page is wider than its window. */
export const wideness = (page) => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth))
