import { describe, expect, it } from 'vitest'
import type { ResultItem } from '../api/types'
import { isMoving, resultQueueOf, stateOfQueue, whoOf } from './state'

const result = (more: Partial<ResultItem>) => ({ state: 'standing', member_name: '', head_name: '', person: null, ...more }) as ResultItem

describe('a result', () => {
  it('is called by the list’s word while it is in doubt who is meant, and by the register’s once it is not', () => {
    const person = { name: '孙振林佳' }
    expect(whoOf(result({ state: 'to_confirm', member_name: '孙振林', person }))).toBe('孙振林佳')
    expect(whoOf(result({ member_name: '孙振林', person }))).toBe('孙振林')
    expect(whoOf(result({ person }))).toBe('孙振林佳')
  })

  it('waits in the first queue, whatever the address says', () => {
    expect(stateOfQueue[resultQueueOf(undefined)]).toBe('to_confirm')
    expect(resultQueueOf('constructor')).toBe('open')
  })
})

describe('a batch', () => {
  it('is asked about again only while it moves', () => {
    expect((['loading', 'done', 'failed', 'withdrawing', 'withdrawn'] as const).filter(isMoving)).toEqual(['loading', 'withdrawing'])
  })
})
