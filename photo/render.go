package photo

import (
	"bufio"
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"runtime/debug"

	"github.com/disintegration/imaging"
)

// Size names one of the pictures that are kept.
type Size string

// The sizes, by the longer side: 2560, 1280 and 320 pixels at most.
const (
	Full   Size = "full"
	Screen Size = "screen"
	Thumb  Size = "thumb"
)

const jpegQuality = 85

// sizes are made in this order, each from the one before.
var sizes = []struct {
	name   Size
	pixels int
}{{Full, 2560}, {Screen, 1280}, {Thumb, 320}}

// File is the size's file name in a photo's directory.
func (s Size) File() string { return string(s) + ".jpg" }

// Sizes are all of them.
func Sizes() []Size { return []Size{Full, Screen, Thumb} }

// Valid reports whether it is one of the three.
func (s Size) Valid() bool { return s == Full || s == Screen || s == Thumb }

// render does the work inside the child process: f's picture as JPEGs, in the order of
// sizes. Only pixels go in, so no metadata can come out.
func render(f *os.File, h header) ([][]byte, error) {
	m, err := decode(f, h)
	if err != nil {
		return nil, invalid("it cannot be decoded: %v", err)
	}
	if b := m.Bounds(); b.Dx() != h.width || b.Dy() != h.height {
		return nil, invalid("its pixels contradict its header")
	}
	debug.FreeOSMemory() // what the decoder needed for itself: coefficients, passes, transforms
	reduced := reduce(m, reduction(h.width, h.height))
	m = nil
	debug.FreeOSMemory() // and the source
	picture := upright(imaging.Fit(reduced, sizes[0].pixels, sizes[0].pixels, imaging.Lanczos), h.orientation)
	made := make([][]byte, len(sizes))
	for i, s := range sizes {
		picture = imaging.Fit(picture, s.pixels, s.pixels, imaging.Lanczos)
		var b bytes.Buffer
		if err := imaging.Encode(&b, picture, imaging.JPEG, imaging.JPEGQuality(jpegQuality)); err != nil {
			return nil, err
		}
		made[i] = b.Bytes()
	}
	return made, nil
}

func decode(f *os.File, h header) (image.Image, error) {
	switch h.Kind {
	case JPEG:
		return jpeg.Decode(bufio.NewReader(f))
	case PNG:
		return png.Decode(bufio.NewReader(f))
	}
	return decodeWebP(f, h.Bytes, h)
}

// reduce redraws the picture on white, k × k pixels averaged into one. It goes
// by bands of k rows, so that a picture of any colour model becomes plain NRGBA
// without a full-size copy. The redrawing is also what keeps a palette index
// that is out of range away from imaging, where it would panic in a goroutine
// of its own (CVE-2023-36308); here it panics where Worker recovers.
func reduce(m image.Image, k int) *image.NRGBA {
	b := m.Bounds()
	kx, ky := min(k, b.Dx()), min(k, b.Dy())
	w, h := b.Dx()/kx, b.Dy()/ky
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	band := image.NewRGBA(image.Rect(0, 0, b.Dx(), ky))
	white := image.NewUniform(color.White)
	for y := range h {
		draw.Draw(band, band.Bounds(), white, image.Point{}, draw.Src)
		draw.Draw(band, band.Bounds(), m, image.Pt(b.Min.X, b.Min.Y+y*ky), draw.Over)
		row := dst.Pix[y*dst.Stride:][:4*w]
		if kx == 1 && ky == 1 {
			copy(row, band.Pix) // opaque: RGBA and NRGBA are the same bytes
			continue
		}
		average(row, band, kx, ky)
	}
	return dst
}

// average writes one row of means of the band's kx × ky blocks.
func average(row []byte, band *image.RGBA, kx, ky int) {
	n := kx * ky
	for x := range len(row) / 4 {
		var r, g, b int
		for j := range ky {
			block := band.Pix[j*band.Stride+4*x*kx:][:4*kx]
			for i := 0; i < len(block); i += 4 {
				r, g, b = r+int(block[i]), g+int(block[i+1]), b+int(block[i+2])
			}
		}
		p := row[4*x:][:4]
		p[0], p[1], p[2], p[3] = byte((r+n/2)/n), byte((g+n/2)/n), byte((b+n/2)/n), 255
	}
}

// turns undoes each EXIF orientation but 1, which is upright. imaging turns
// counter-clockwise.
var turns = map[int]func(image.Image) *image.NRGBA{
	2: imaging.FlipH,
	3: imaging.Rotate180,
	4: imaging.FlipV,
	5: imaging.Transpose,
	6: imaging.Rotate270,
	7: imaging.Transverse,
	8: imaging.Rotate90,
}

func upright(m *image.NRGBA, orientation int) *image.NRGBA {
	if turn, ok := turns[orientation]; ok {
		return turn(m)
	}
	return m
}
