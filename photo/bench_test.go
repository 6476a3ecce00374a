package photo

import (
	"encoding/binary"
	"image"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// noisy looks to the encoder like a photo, not like a chart.
func noisy(w, h int, seed uint32) image.Image {
	m := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	x := seed*2654435761 + 1
	for i := range m.Y {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		m.Y[i] = byte(60 + (i/64+i/w)%120 + int(x%24))
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = byte(100+i/w%50), byte(110+i/64%40)
	}
	return m
}

// BenchmarkPut is a photo from a tablet (scaled there to 1600 × 1200), from
// the verified file to three pictures on disk, as many at once as there are
// slots.
func BenchmarkPut(b *testing.B) {
	dir := b.TempDir()
	s, err := OpenStore(dir)
	if err != nil {
		b.Fatal(err)
	}
	data := jpegOf(b, noisy(1600, 1200, 1))
	b.SetBytes(int64(len(data)))
	src := filepath.Join(dir, "source")
	if err := os.WriteFile(src, data, 0o600); err != nil {
		b.Fatal(err)
	}
	var n atomic.Uint64
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			// A new name each time, or it would be found to be there.
			name := shaOf(binary.BigEndian.AppendUint64(nil, n.Add(1)))
			if _, err := s.Put(b.Context(), src, name); err != nil {
				b.Error(err)
			}
		}
	})
}
