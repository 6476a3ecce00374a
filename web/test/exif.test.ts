// What a camera wrote into its file becomes fields: time and place, where they are sound.
import { describe, expect, it } from 'vitest'
import { cameraFacts, nothingKnown, takenAt } from '../src/tablet/picture/exif'
import { photoValues, type PictureRef } from '../src/tablet/forms/picture'
import { seeded } from './random'

interface Written {
  orientation?: number
  taken?: string
  zone?: string
  lat?: number
  lng?: number
}
const fixture = new URL('../../e2e/fixture/exif.mjs', import.meta.url).href
const { withExif } = (await import(/* @vite-ignore */ fixture)) as { withExif: (jpeg: Buffer, facts: Written) => Buffer }

/** Start, a frame header that says 4000 × 3000, start of scan. */
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0x0b, 0xb8, 0x0f, 0xa0, 1, 1, 0x11, 0, 0xff, 0xda, 0, 2])
const read = (facts: Written): ReturnType<typeof cameraFacts> => cameraFacts(new Uint8Array(withExif(jpeg, facts)))
const now = Date.parse('2026-05-02T00:00:00Z')

describe("a camera's facts", () => {
  it('are size, time with its zone, and place', () => {
    expect(read({ taken: '2026:05:01 08:30:00', zone: '+08:00', lat: 36.264622, lng: 120.033382 })).toEqual({
      ...{ width: 4000, height: 3000, taken: '2026-05-01T08:30:00', zone: '+08:00' },
      place: { lat: expect.closeTo(36.264622, 5) as number, lng: expect.closeTo(120.033382, 5) as number },
    })
    expect(read({ lat: -33.9, lng: -70.6 }).place).toEqual({ lat: expect.closeTo(-33.9, 5) as number, lng: expect.closeTo(-70.6, 5) as number })
  })

  it('become the moment of the picture, unless the camera had no clock', () => {
    const at = (written: Written): number | null => takenAt(read(written), now)
    expect(at({ taken: '2026:05:01 08:30:00', zone: '+08:00' })).toBe(Date.parse('2026-05-01T00:30:00Z'))
    expect(at({ taken: '2026:05:01 08:30:00' })).toBe(Date.parse('2026-05-01T08:30:00'))
    for (const taken of ['0000:00:00 00:00:00', '2002:12:08 12:00:00', '2099:01:01 00:00:00', 'yesterday']) expect(at({ taken })).toBeNull()
    expect(at({})).toBeNull()
  })

  it('leave out a receiver without a fix', () => {
    expect(read({ lat: 0, lng: 0 }).place).toBeNull()
    expect(read({ lat: 95, lng: 120 }).place).toBeNull()
  })

  it('are unknown of anything that is no JPEG', () => {
    expect(cameraFacts(new Uint8Array())).toEqual(nothingKnown)
    expect(cameraFacts(new TextEncoder().encode('%PDF-1.7 and so on'))).toEqual(nothingKnown)
  })

  it('never fail, however a file is damaged', () => {
    const whole = new Uint8Array(withExif(jpeg, { taken: '2026:05:01 08:30:00', zone: '+08:00', lat: 36.2, lng: 120 }))
    const seed = 20260501
    const random = seeded(seed)
    for (let round = 0; round < 3000; round++) {
      const broken = whole.slice(0, 2 + Math.floor(random() * whole.length))
      for (let times = Math.floor(random() * 6); times > 0; times--) broken[2 + Math.floor(random() * (broken.length - 2))] = random() * 256
      expect(() => takenAt(cameraFacts(broken), now), `seed ${seed}, round ${round}`).not.toThrow()
    }
  })

  it("give the photo its own place, and the form's where the camera has none", () => {
    const picture: PictureRef = { id: 'p', sha256: 's', bytes: 1, width: 1, height: 1, takenAt: 't', filetype: 'image/jpeg' }
    const [own, form] = [{ lat: 36, lng: 120 }, { lat: 1, lng: 2 }]
    expect(photoValues({ ...picture, place: own }, 'visits', 'v', form).place).toEqual(own)
    expect(photoValues({ ...picture, place: null }, 'visits', 'v', form).place).toEqual(form)
    // A form that an older app kept.
    expect(photoValues(picture, 'visits', 'v', form).place).toEqual(form)
  })
})
