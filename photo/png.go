package photo

import (
	"encoding/binary"
	"io"
)

// parsePNG walks the chunks up to the pixels. An animated PNG needs nothing
// special: its default picture is an ordinary one, and the decoder passes over
// the rest.
func (h *header) parsePNG(r io.ReaderAt, size int64) error {
	var b [8]byte
	at := int64(8)
	for i := range maxChunks {
		if _, err := r.ReadAt(b[:], at); err != nil {
			return errChunks
		}
		c := chunk{name: string(b[4:]), offset: at + 8, length: int64(binary.BigEndian.Uint32(b[:]))}
		if c.offset+c.length+4 > size || (i == 0) != (c.name == "IHDR") {
			return errChunks
		}
		switch c.name {
		case "IHDR":
			data, err := readChunk(r, c, 13)
			if err != nil || len(data) < 13 {
				return errChunks
			}
			h.parseIHDR(data)
		case "eXIf":
			data, err := readChunk(r, c, maxExif)
			if err != nil {
				return err
			}
			h.orientation = orientation(data)
		case "IDAT":
			return nil
		case "IEND":
			return errChunks
		}
		at = c.offset + c.length + 4
	}
	return errChunks
}

// parseIHDR reads the dimensions and estimates the decoder's cost: the picture
// in its widest form (transparency may come by tRNS), twice if interlaced
// (each pass is a picture of its own), and two rows.
func (h *header) parseIHDR(data []byte) {
	// A dimension beyond 31 bits is refused by the decoder itself.
	h.width = int(binary.BigEndian.Uint32(data) & 0x7fffffff)
	h.height = int(binary.BigEndian.Uint32(data[4:]) & 0x7fffffff)
	depth, colour, interlaced := data[8], data[9], data[12] != 0
	bytes := int64(4)
	switch {
	case depth == 16:
		bytes = 8
	case colour == 3: // palette
		bytes = 1
	}
	if int64(h.width)*int64(h.height) > MaxPixels {
		return // refused before anybody asks for the cost
	}
	h.keptBytes = bytes * int64(h.width) * int64(h.height)
	h.decodeBytes = h.keptBytes
	if interlaced {
		h.decodeBytes *= 2
	}
	h.decodeBytes += 2 * bytes * int64(h.width)
}
