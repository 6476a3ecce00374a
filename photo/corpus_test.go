package photo

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// The corpus is made here, byte by byte where no encoder would do it.

// canary stands in for a place, a name, a serial number.
const canary = "GPS-36.2646N-120.0334E"

// quadrants is a picture whose four corners tell how it is turned.
func quadrants(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, cornerColour(x < w/2, y < h/2))
		}
	}
	return m
}

func cornerColour(left, top bool) color.NRGBA {
	switch {
	case left && top:
		return color.NRGBA{220, 30, 30, 255}
	case top:
		return color.NRGBA{30, 200, 30, 255}
	case left:
		return color.NRGBA{30, 30, 220, 255}
	}
	return color.NRGBA{230, 230, 30, 255}
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tiffBlock is an EXIF block with an orientation, and the canary behind it.
func tiffBlock(order binary.AppendByteOrder, orientation uint16) []byte {
	b := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = ifdEntry(order, b, 0x0110, 2, uint32(len(canary)), 38) // model, ASCII, elsewhere
	b = order.AppendUint16(b, tagOrientation)
	b = order.AppendUint16(b, typeShort)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, orientation)
	b = order.AppendUint16(b, 0)
	b = order.AppendUint32(b, 0)
	return append(b, canary...)
}

func ifdEntry(order binary.AppendByteOrder, b []byte, tag, kind uint16, count, value uint32) []byte {
	b = order.AppendUint16(b, tag)
	b = order.AppendUint16(b, kind)
	b = order.AppendUint32(b, count)
	return order.AppendUint32(b, value)
}

// segment is a JPEG segment.
func segment(marker byte, data []byte) []byte {
	return append([]byte{0xff, marker, byte((len(data) + 2) >> 8), byte(len(data) + 2)}, data...)
}

// withEXIF puts EXIF, XMP and a comment, canary in each, into a JPEG.
func withEXIF(j []byte, order binary.AppendByteOrder, orientation uint16) []byte {
	out := append([]byte{}, j[:2]...)
	out = append(out, segment(markerAPP1, append([]byte("Exif\x00\x00"), tiffBlock(order, orientation)...))...)
	out = append(out, segment(markerAPP1, []byte("http://ns.adobe.com/xap/1.0/\x00<x>"+canary+"</x>"))...)
	out = append(out, segment(0xfe, []byte(canary))...)
	return append(out, j[2:]...)
}

func pngChunk(name string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

const pngSignature = "\x89PNG\r\n\x1a\n"

// rawPNG is a PNG with any header, and rows as given.
func rawPNG(t testing.TB, w, h int, depth, colour, interlace byte, before, rows []byte) []byte {
	t.Helper()
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	if _, err := zw.Write(rows); err != nil {
		t.Fatal(err)
	}
	zw.Close()
	return packPNG(w, h, depth, colour, interlace, before, z.Bytes())
}

func packPNG(w, h int, depth, colour, interlace byte, before, idat []byte) []byte {
	ihdr := binary.BigEndian.AppendUint32(nil, uint32(w))
	ihdr = binary.BigEndian.AppendUint32(ihdr, uint32(h))
	ihdr = append(ihdr, depth, colour, 0, 0, interlace)
	b := append([]byte(pngSignature), pngChunk("IHDR", ihdr)...)
	b = append(b, before...)
	b = append(b, pngChunk("IDAT", idat)...)
	return append(b, pngChunk("IEND", nil)...)
}

// deflatedZeros is a zlib stream of n zeros that costs the test nothing: one
// flushed mebibyte of them repeated, a rest, an empty last block, and the
// checksum of zeros, which is known.
func deflatedZeros(t testing.TB, n int64) []byte {
	t.Helper()
	flushed := func(n int64) []byte {
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(make([]byte, n))
		w.Flush()
		return b.Bytes()
	}
	out := []byte{0x78, 0xda}
	out = append(out, bytes.Repeat(flushed(mib), int(n/mib))...)
	out = append(out, flushed(n%mib)...)
	out = append(out, 1, 0, 0, 0xff, 0xff)
	return binary.BigEndian.AppendUint32(out, uint32(n%65521)<<16|1)
}

// pngBomb is w × h zero pixels of channels × depth bits.
func pngBomb(t testing.TB, w, h int, depth, colour, interlace byte) []byte {
	channels := map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
	passes := [][4]int{{0, 0, 1, 1}}
	if interlace == 1 { // Adam7: where each pass begins, and its steps
		passes = [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
	}
	var total int64
	for _, p := range passes {
		pw, ph := (w-p[0]+p[2]-1)/p[2], (h-p[1]+p[3]-1)/p[3]
		if pw > 0 && ph > 0 {
			total += int64(ph) * int64(1+(pw*channels*int(depth)+7)/8)
		}
	}
	var palette []byte
	if colour == 3 {
		palette = pngChunk("PLTE", []byte{10, 20, 30})
	}
	return packPNG(w, h, depth, colour, interlace, palette, deflatedZeros(t, total))
}

// bitWriter packs bits: most significant first for JPEG, least for WebP.
type bitWriter struct {
	out   []byte
	acc   uint64
	n     uint
	lsb   bool
	stuff bool
}

func (w *bitWriter) put(value uint32, bits uint) {
	for i := range bits {
		bit := uint64(value>>i) & 1
		if !w.lsb {
			bit = uint64(value>>(bits-1-i)) & 1
			w.acc = w.acc<<1 | bit
		} else {
			w.acc |= bit << w.n
		}
		if w.n++; w.n == 8 {
			w.out = append(w.out, byte(w.acc))
			if w.stuff && byte(w.acc) == 0xff {
				w.out = append(w.out, 0)
			}
			w.acc, w.n = 0, 0
		}
	}
}

func (w *bitWriter) bytes() []byte {
	for w.n != 0 {
		pad := uint32(1)
		if w.lsb {
			pad = 0
		}
		w.put(pad, 1)
	}
	return w.out
}

// vp8l is a lossless WebP bitstream: green is on where lit says so, red is on
// everywhere, alpha as given. Without lit it is one colour, and its size does
// not depend on its dimensions.
func vp8l(w, h int, alpha byte, lit func(x, y int) bool) []byte {
	b := &bitWriter{lsb: true}
	b.put(0x2f, 8)
	b.put(uint32(w-1), 14)
	b.put(uint32(h-1), 14)
	b.put(1, 1) // alpha is used
	b.put(0, 3) // version
	b.put(0, 3) // no transform, no colour cache, no meta prefix codes
	one := func(symbol byte) { b.put(0b101, 3); b.put(uint32(symbol), 8) }
	if lit == nil {
		one(0)
	} else { // two symbols: 0 and 255
		b.put(0b111, 3)
		b.put(0, 8)
		b.put(255, 8)
	}
	one(200)   // red
	one(0)     // blue
	one(alpha) // alpha
	one(0)     // distance
	if lit != nil {
		for y := range h {
			for x := range w {
				if lit(x, y) {
					b.put(1, 1)
				} else {
					b.put(0, 1)
				}
			}
		}
	}
	return b.bytes()
}

func riff(chunks ...[]byte) []byte {
	return appendRIFF(nil, "RIFF", append([]byte("WEBP"), bytes.Join(chunks, nil)...))
}

func riffChunk(name string, data []byte) []byte { return appendRIFF(nil, name, data) }

func vp8xChunk(flags byte, w, h int) []byte {
	data := make([]byte, vp8xLength)
	data[0] = flags
	putUint24(data[4:], w-1)
	putUint24(data[7:], h-1)
	return riffChunk("VP8X", data)
}

// topLeft lights the top left quadrant.
func topLeft(w, h int) func(x, y int) bool {
	return func(x, y int) bool { return x < w/2 && y < h/2 }
}

// animatedWebP has two frames: the first lit at the top left, the second dark.
func animatedWebP(w, h int) []byte {
	frame := func(bits []byte) []byte {
		head := make([]byte, anmfHeaderSize)
		putUint24(head[6:], w-1)
		putUint24(head[9:], h-1)
		return riffChunk("ANMF", append(head, riffChunk("VP8L", bits)...))
	}
	return riff(vp8xChunk(webpAnimated|webpAlpha, w, h), riffChunk("ANIM", make([]byte, 6)),
		frame(vp8l(w, h, 255, topLeft(w, h))), frame(vp8l(w, h, 255, nil)))
}

// blockJPEG writes JPEGs that the standard encoder cannot: progressive, CMYK,
// with any number of scans. Each 8 × 8 block is of one colour.
type blockJPEG struct {
	w, h, components int
	progressive      bool
	sameScans        int // progressive: how often each AC scan stands there
	value            func(component, bx, by int) byte
}

func (j blockJPEG) bytes() []byte {
	out := []byte{0xff, 0xd8}
	if j.components == 4 {
		out = append(out, segment(0xee, append([]byte("Adobe\x00\x64\x00\x00\x00\x00"), 0))...)
	}
	out = append(out, segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{8}, 64)...))...)
	frame := []byte{8, byte(j.h >> 8), byte(j.h), byte(j.w >> 8), byte(j.w), byte(j.components)}
	for c := range j.components {
		frame = append(frame, byte(c+1), 0x11, 0)
	}
	sof := byte(markerSOF0)
	if j.progressive {
		sof = markerSOF2
	}
	out = append(out, segment(sof, frame)...)
	// DC: twelve codes of four bits for the twelve lengths. AC: "0" ends the
	// block (or begins a run of 2^14 and more empty ones), as 0x00 or 0xe0.
	ac := byte(0x00)
	if j.progressive {
		ac = 0xe0
	}
	out = append(out, segment(markerDHT, append([]byte{0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))...)
	out = append(out, segment(markerDHT, append([]byte{0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, ac))...)
	out = append(out, j.scan(all(j.components), 0)...)
	if j.progressive {
		for c := range j.components {
			scan := j.scan([]int{c}, 1)
			for range max(1, j.sameScans) {
				out = append(out, scan...)
			}
		}
	}
	return append(out, 0xff, markerEOI)
}

func all(n int) (list []int) {
	for i := range n {
		list = append(list, i)
	}
	return list
}

func (j blockJPEG) scan(components []int, from byte) []byte {
	head := []byte{byte(len(components))}
	for _, c := range components {
		head = append(head, byte(c+1), 0x00)
	}
	to := byte(63)
	if j.progressive && from == 0 {
		to = 0
	}
	head = append(head, from, to, 0)
	w := &bitWriter{stuff: true}
	blocks := ((j.w + 7) / 8) * ((j.h + 7) / 8)
	if from == 0 {
		j.dc(w, components)
	} else {
		for blocks > 0 {
			w.put(0, 1)
			run := min(blocks, 1<<15-1)
			if run < 1<<14 {
				run = 1 << 14 // reaches beyond the end, which does no harm
			}
			w.put(uint32(run-1<<14), 14)
			blocks -= run
		}
	}
	return append(segment(markerSOS, head), w.bytes()...)
}

func (j blockJPEG) dc(w *bitWriter, components []int) {
	last := make([]int, j.components)
	for by := range (j.h + 7) / 8 {
		for bx := range (j.w + 7) / 8 {
			for _, c := range components {
				v := 0
				if j.value != nil {
					v = int(j.value(c, bx, by)) - 128
				}
				diff := v - last[c]
				last[c] = v
				magnitude, bits := max(diff, -diff), uint(0)
				for magnitude>>bits != 0 {
					bits++
				}
				if diff < 0 {
					diff += 1<<bits - 1
				}
				w.put(uint32(bits), 4)
				w.put(uint32(diff), bits)
				if !j.progressive {
					w.put(0, 1)
				}
			}
		}
	}
}
