package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"os"
	"path/filepath"
	"testing"
)

func FuzzEXIFOrientation(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("II*\x00\x08\x00\x00\x00\xff\xff"))
	f.Add([]byte("MM\x00*\xff\xff\xff\xff"))
	for value := range uint16(10) {
		f.Add(tiffBlock(binary.LittleEndian, value))
		f.Add(tiffBlock(binary.BigEndian, value))
	}
	f.Fuzz(func(t *testing.T, tiff []byte) {
		got := orientation(tiff)
		if got < 1 || got > 8 {
			t.Fatalf("orientation %d", got)
		}
		if got == 1 {
			return
		}
		// Whatever it read must stand there.
		order := binary.ByteOrder(binary.LittleEndian)
		if tiff[0] == 'M' {
			order = binary.BigEndian
		}
		var entry []byte
		entry = append(order.(binary.AppendByteOrder).AppendUint16(entry, tagOrientation), 0, 0)
		order.PutUint16(entry[2:], typeShort)
		if !bytes.Contains(tiff, entry) {
			t.Errorf("orientation %d out of nothing", got)
		}
	})
}

// The header is read in the server's own process: it must not panic, loop, or
// let anything through that the limits forbid.
func FuzzHeader(f *testing.F) {
	plain := jpegOf(f, quadrants(16, 8))
	f.Add(plain)
	f.Add(withEXIF(plain, binary.BigEndian, 6))
	f.Add(blockJPEG{w: 16, h: 8, components: 4, progressive: true}.bytes())
	f.Add(pngOf(f, quadrants(8, 8)))
	f.Add(pngBomb(f, 8, 8, 16, 6, 1))
	f.Add(rawPNGOf(f, quadrants(8, 8), pngChunk("eXIf", tiffBlock(binary.LittleEndian, 8))))
	f.Add(riff(riffChunk("VP8L", vp8l(8, 8, 255, nil))))
	f.Add(riff(vp8xChunk(8, 8, 8), riffChunk("VP8L", vp8l(8, 8, 255, nil)), riffChunk("EXIF", tiffBlock(binary.LittleEndian, 3))))
	f.Add(animatedWebP(8, 8))
	for _, name := range []string{"lossy.webp", "lossy-alpha.webp"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	path := filepath.Join(f.TempDir(), "source")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		h, err := checkHeader(path)
		if err != nil {
			var refused *Error
			if !errors.As(err, &refused) {
				t.Fatalf("%v is not about the picture", err)
			}
			return
		}
		pixels := int64(h.Width) * int64(h.Height)
		if h.Width < 1 || h.Height < 1 || pixels > MaxPixels || h.Bytes != int64(len(data)) {
			t.Fatalf("let through: %+v", h.Info)
		}
		// A cost below one byte a pixel would let a bomb into the smaller class.
		if h.decodeBytes < pixels || h.memory < h.decodeBytes {
			t.Fatalf("%d pixels are to cost %d bytes, %d in all", pixels, h.decodeBytes, h.memory)
		}
		if pixels > 1<<16 {
			return
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		m, err := decode(file, h)
		if err != nil {
			return
		}
		if size := m.Bounds().Size(); size != image.Pt(h.width, h.height) {
			t.Fatalf("announced %d × %d, decoded %v", h.width, h.height, size)
		}
	})
}
