package photo

import (
	"encoding/binary"
	"io"
)

// JPEG markers (ITU T.81 table B.1).
const (
	markerSOF0  = 0xc0
	markerSOF2  = 0xc2 // progressive
	markerSOF15 = 0xcf
	markerDHT   = 0xc4
	markerJPG   = 0xc8
	markerDAC   = 0xcc
	markerRST0  = 0xd0
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerAPP1  = 0xe1
	markerTEM   = 0x01
)

// parseJPEG walks the segments up to the first scan, for the frame's shape and
// the EXIF orientation.
func (h *header) parseJPEG(r io.ReaderAt, size int64) error {
	var b [4]byte
	at := int64(2)
	framed := false
	for range maxChunks {
		if _, err := r.ReadAt(b[:], at); err != nil {
			return errChunks
		}
		marker := b[1]
		switch {
		case b[0] != 0xff:
			return errChunks
		case marker == 0xff: // fill byte
			at++
			continue
		case marker >= markerRST0 && marker < markerEOI || marker == markerTEM: // no length
			at += 2
			continue
		case marker == markerEOI:
			return errChunks
		case marker == markerSOS:
			if !framed {
				return errChunks
			}
			return nil
		}
		length := int64(binary.BigEndian.Uint16(b[2:]))
		if length < 2 || at+2+length > size {
			return errChunks
		}
		seg := chunk{offset: at + 4, length: length - 2}
		if err := h.parseSegment(r, marker, seg, &framed); err != nil {
			return err
		}
		at += 2 + length
	}
	return errChunks
}

func (h *header) parseSegment(r io.ReaderAt, marker byte, seg chunk, framed *bool) error {
	switch {
	case marker == markerAPP1:
		data, err := readChunk(r, seg, maxExif)
		if err != nil {
			return err
		}
		if len(data) > 6 && string(data[:6]) == "Exif\x00\x00" {
			h.orientation = orientation(data[6:])
		}
	case marker >= markerSOF0 && marker <= markerSOF15 && marker != markerDHT && marker != markerJPG && marker != markerDAC:
		if *framed {
			return errChunks
		}
		*framed = true
		data, err := readChunk(r, seg, 64)
		if err != nil {
			return err
		}
		return h.parseFrame(data, marker == markerSOF2)
	}
	return nil
}

// parseFrame reads a start-of-frame segment and estimates the decoder's cost:
// the planes at their sampling, four bytes for each coefficient if
// progressive, and a second picture where the colours are converted (RGB,
// CMYK), which the component ids do not tell for sure, so it is assumed for
// four components and for three that are not numbered 1, 2, 3.
func (h *header) parseFrame(data []byte, progressive bool) error {
	if len(data) < 6 {
		return errChunks
	}
	h.height = int(binary.BigEndian.Uint16(data[1:]))
	h.width = int(binary.BigEndian.Uint16(data[3:]))
	n := int(data[5])
	if n != 1 && n != 3 && n != 4 || len(data) < 6+3*n {
		return errChunks
	}
	var area, hmax, vmax int64
	numbered := true
	for i := range n {
		c := data[6+3*i:]
		hs, vs := int64(c[1]>>4), int64(c[1]&15)
		if hs < 1 || hs > 4 || vs < 1 || vs > 4 {
			return errChunks
		}
		area, hmax, vmax = area+hs*vs, max(hmax, hs), max(vmax, vs)
		numbered = numbered && int(c[0]) == i+1
	}
	mcus := ceilDiv(int64(h.width), 8*hmax) * ceilDiv(int64(h.height), 8*vmax)
	samples := mcus * 64 * area
	h.keptBytes = samples
	if n == 4 || n == 3 && !numbered {
		h.keptBytes += 4 * int64(h.width) * int64(h.height)
	}
	h.decodeBytes = h.keptBytes
	if progressive {
		h.decodeBytes += 4 * samples
	}
	return nil
}

func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }
