package photo

import (
	"errors"
	"io"
)

// header is what the first bytes tell of a picture, beyond Info.
type header struct {
	Info
	width, height int // as stored, before turning upright
	orientation   int // EXIF 0x0112, 1 to 8
	animated      bool
	frame         []chunk // the chunks of an animated WebP's first frame
	decodeBytes   int64   // what the decoder holds at once for the pixels, at most
	keptBytes     int64   // what of it the decoded picture is
	memory        int64   // what the whole work needs, at most
}

// chunk is a named piece of a file: a JPEG segment, a PNG or RIFF chunk.
type chunk struct {
	name   string
	offset int64 // of its data
	length int64
}

// maxChunks bounds the walk through a file: no camera writes more, and a
// 12 MiB file of empty chunks must not cost a million reads.
const maxChunks = 4096

var errChunks = errors.New("its structure is broken")

// parseHeader walks the file's structure up to the pixels.
func parseHeader(r io.ReaderAt, size int64) (header, error) {
	head := make([]byte, SniffLen)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return header{}, err
	}
	kind, err := Sniff(head[:n])
	if err != nil {
		return header{}, err
	}
	h := header{orientation: 1}
	h.Kind = kind
	switch kind {
	case JPEG:
		err = h.parseJPEG(r, size)
	case PNG:
		err = h.parsePNG(r, size)
	case WebP:
		err = h.parseWebP(r, size)
	}
	if err != nil {
		return header{}, invalid("%v", err)
	}
	return h, nil
}

// finish derives what follows from the fields that the parsers set.
func (h header) finish(size int64) header {
	h.Bytes = size
	h.Width, h.Height = h.width, h.height
	if h.orientation >= 5 { // a quarter turn
		h.Width, h.Height = h.height, h.width
	}
	k := int64(reduction(h.width, h.height))
	reduced := 4 * (int64(h.width)/k + 1) * (int64(h.height)/k + 1)
	band := 4 * int64(h.width) * min(k, int64(h.height))
	// What the decoder needed for itself is given back before the picture is drawn anew.
	h.memory = size + max(h.decodeBytes, h.keptBytes+reduced+band)
	return h
}

// reduction is the whole number by which the picture is first averaged down,
// so that no full-size copy of a large picture is ever made. What remains is
// still at least as large as the largest picture kept.
func reduction(width, height int) int {
	return max(1, max(width, height)/sizes[0].pixels)
}

// readChunk returns the data of a small chunk, at most max bytes of it.
func readChunk(r io.ReaderAt, c chunk, max int64) ([]byte, error) {
	data := make([]byte, min(c.length, max))
	n, err := r.ReadAt(data, c.offset)
	if err == io.EOF {
		err = nil
	}
	return data[:n], err
}
