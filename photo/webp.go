package photo

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"
	"slices"

	"golang.org/x/image/webp"
)

// Flags of the VP8X chunk and lengths (RFC 9649).
const (
	webpAnimated   = 1 << 1
	webpAlpha      = 1 << 4
	vp8xLength     = 10
	anmfHeaderSize = 16
)

// parseWebP walks all chunks, for EXIF stands after the pixels. Of an
// animation it keeps where the first frame's chunks are.
func (h *header) parseWebP(r io.ReaderAt, size int64) error {
	chunks, err := riffChunks(r, 12, size)
	if err != nil {
		return err
	}
	alpha := false
	for _, c := range chunks {
		switch c.name {
		case "VP8X":
			data, err := readChunk(r, c, vp8xLength)
			if err != nil || len(data) < vp8xLength {
				return errChunks
			}
			h.animated = data[0]&webpAnimated != 0
			h.width, h.height = 1+uint24(data[4:]), 1+uint24(data[7:])
		case "EXIF":
			data, err := readChunk(r, c, maxExif)
			if err != nil {
				return err
			}
			// Some writers put the JPEG prefix in front.
			if len(data) > 6 && string(data[:6]) == "Exif\x00\x00" {
				data = data[6:]
			}
			h.orientation = orientation(data)
		case "ANMF":
			if h.frame == nil {
				if err := h.parseFirstFrame(r, c); err != nil {
					return err
				}
			}
		case "ALPH":
			alpha = true
		case "VP8 ", "VP8L":
			if err := h.parseBitstream(r, c, alpha); err != nil {
				return err
			}
		}
	}
	if h.decodeBytes == 0 || h.animated != (h.frame != nil) {
		return errChunks
	}
	return nil
}

func (h *header) parseFirstFrame(r io.ReaderAt, c chunk) error {
	data, err := readChunk(r, c, anmfHeaderSize)
	if err != nil || len(data) < anmfHeaderSize {
		return errChunks
	}
	h.width, h.height = 1+uint24(data[6:]), 1+uint24(data[9:])
	inner, err := riffChunks(r, c.offset+anmfHeaderSize, c.offset+c.length)
	if err != nil {
		return err
	}
	for _, f := range inner {
		switch f.name {
		case "ALPH":
			h.frame = append(h.frame, f)
		case "VP8 ", "VP8L":
			h.frame = append(h.frame, f)
			return h.parseBitstream(r, f, len(h.frame) > 1)
		}
	}
	return errChunks
}

// parseBitstream takes the dimensions where no VP8X chunk gave them, and
// estimates the cost: planes of 4:2:0 and the alpha plane, which is itself
// decoded from a lossless picture; lossless needs a second buffer for its
// transforms.
func (h *header) parseBitstream(r io.ReaderAt, c chunk, alpha bool) error {
	data, err := readChunk(r, c, 10)
	if err != nil {
		return err
	}
	var w, ht int
	perPixel := int64(8)
	switch {
	case c.name == "VP8L" && len(data) >= 5 && data[0] == 0x2f:
		bits := binary.LittleEndian.Uint32(data[1:])
		w, ht = 1+int(bits&0x3fff), 1+int(bits>>14&0x3fff)
	case c.name == "VP8 " && len(data) >= 10 && string(data[3:6]) == "\x9d\x01\x2a":
		w, ht = int(binary.LittleEndian.Uint16(data[6:])&0x3fff), int(binary.LittleEndian.Uint16(data[8:])&0x3fff)
		perPixel = 2
		if alpha {
			perPixel += 9
		}
	default:
		return errChunks
	}
	if h.width == 0 {
		h.width, h.height = w, ht
	}
	if w != h.width || ht != h.height {
		return errChunks
	}
	h.decodeBytes = perPixel * int64(w+16) * int64(ht+16)
	h.keptBytes = min(perPixel, 4) * int64(w+16) * int64(ht+16)
	return nil
}

// riffChunks lists the chunks between two offsets. A file cut short is
// refused here, whatever the decoder would say.
func riffChunks(r io.ReaderAt, at, end int64) ([]chunk, error) {
	var chunks []chunk
	var b [8]byte
	for at < end {
		if len(chunks) == maxChunks || at+8 > end {
			return nil, errChunks
		}
		if _, err := r.ReadAt(b[:], at); err != nil {
			return nil, errChunks
		}
		c := chunk{name: string(b[:4]), offset: at + 8, length: int64(binary.LittleEndian.Uint32(b[4:]))}
		if c.offset+c.length > end {
			return nil, errChunks
		}
		chunks = append(chunks, c)
		at = c.offset + c.length + c.length&1 // padded to even
	}
	return chunks, nil
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// decodeWebP decodes a still picture or an animation's first frame, which the
// library does not know: its chunks are put into a file of their own.
func decodeWebP(data io.ReaderAt, size int64, h header) (image.Image, error) {
	if !h.animated {
		return webp.Decode(io.NewSectionReader(data, 0, size))
	}
	var body []byte
	if len(h.frame) > 1 {
		vp8x := make([]byte, vp8xLength)
		vp8x[0] = webpAlpha
		putUint24(vp8x[4:], h.width-1)
		putUint24(vp8x[7:], h.height-1)
		body = appendRIFF(body, "VP8X", vp8x)
	}
	for _, c := range h.frame {
		piece, err := readChunk(data, c, MaxBytes)
		if err != nil {
			return nil, err
		}
		body = appendRIFF(body, c.name, piece)
	}
	file := appendRIFF(nil, "RIFF", slices.Concat([]byte("WEBP"), body))
	return webp.Decode(bytes.NewReader(file))
}

func appendRIFF(dst []byte, name string, data []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(append(dst, name...), uint32(len(data)))
	dst = append(dst, data...)
	if len(data)&1 == 1 {
		dst = append(dst, 0)
	}
	return dst
}

func putUint24(b []byte, v int) { b[0], b[1], b[2] = byte(v), byte(v>>8), byte(v>>16) }
