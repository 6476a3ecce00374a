/**
 * Where each town lies, on squares of one size: a map by position, not by area, that
 * needs no tiles from elsewhere. North is up.
 */
export const TOWNS: Readonly<Record<string, { row: number; column: number }>> = {
  '370281010': { row: 1, column: 3 },
  '370281102': { row: 1, column: 4 },
  '370281008': { row: 2, column: 2 },
  '370281007': { row: 2, column: 3 },
  '370281401': { row: 2, column: 4 },
  '370281009': { row: 3, column: 1 },
  '370281002': { row: 3, column: 2 },
  '370281001': { row: 3, column: 3 },
  '370281004': { row: 3, column: 4 },
  '370281400': { row: 3, column: 5 },
  '370281105': { row: 4, column: 1 },
  '370281108': { row: 4, column: 2 },
  '370281111': { row: 4, column: 3 },
  '370281006': { row: 4, column: 4 },
}
