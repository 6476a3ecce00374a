// Package photo takes a picture that a stranger sent and makes three harmless
// ones of it: full, screen and thumb, upright, without metadata, as JPEG. It
// decodes in a child process with a memory and a time limit, because a decoder
// that is handed hostile bytes may panic in a goroutine nobody can recover, eat
// all memory, or never end. It also keeps the results on disk (Store).
//
// It knows nothing of records, accounts, HTTP or the database.
package photo

import (
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // registers the decoder that image.DecodeConfig uses
	_ "image/png"  // likewise
	"io"
	"os"

	_ "golang.org/x/image/webp" // likewise
)

// Kind is what a file is by its first bytes; names and declared types are
// never believed.
type Kind string

// The kinds that are accepted.
const (
	JPEG Kind = "image/jpeg"
	PNG  Kind = "image/png"
	WebP Kind = "image/webp"
)

// The limits of one picture (protocol §3.5).
const (
	MaxBytes  = 12 << 20
	MaxPixels = 40_000_000
)

// Info says what a picture is. Width and Height are those of the upright
// picture as it was sent, before scaling; Bytes is the size of the file sent.
type Info struct {
	Kind   Kind  `json:"kind"`
	Width  int   `json:"width"`
	Height int   `json:"height"`
	Bytes  int64 `json:"bytes"`
}

// Code is the machine's word for why a picture is refused for good.
type Code string

// The codes, as in the protocol's table of errors.
const (
	Invalid  Code = "invalid"
	TooLarge Code = "too_large"
)

// Error refuses a picture for good: sending the same bytes again cannot help.
// Every other error of this package is about the server's state, not the file.
type Error struct {
	Code   Code
	Reason string
}

func (e *Error) Error() string { return "photo: " + e.Reason }

// ErrBusy says that the picture was not looked at, or not to the end: too many
// are waiting, or the machine is too slow at the moment. Try again later.
var ErrBusy = errors.New("photo: too many pictures at once, try again later")

func invalid(format string, args ...any) *Error {
	return &Error{Code: Invalid, Reason: fmt.Sprintf(format, args...)}
}

func tooLarge(format string, args ...any) *Error {
	return &Error{Code: TooLarge, Reason: fmt.Sprintf(format, args...)}
}

// SniffLen is how many first bytes Sniff needs.
const SniffLen = 12

// Sniff tells the kind from the first bytes; anything but a JPEG, PNG or WebP
// is an *Error with code Invalid.
func Sniff(head []byte) (Kind, error) {
	switch {
	case len(head) >= 3 && string(head[:3]) == "\xff\xd8\xff":
		return JPEG, nil
	case len(head) >= 8 && string(head[:8]) == "\x89PNG\r\n\x1a\n":
		return PNG, nil
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return WebP, nil
	}
	return "", invalid("not a JPEG, PNG or WebP picture")
}

// Check reads no more than the headers: kind, dimensions, limits. It returns
// an *Error for a picture that can never be accepted; a nil error does not yet
// mean that the pixels can be decoded.
func Check(path string) (Info, error) {
	f, err := os.Open(path)
	if err != nil {
		return Info{}, err
	}
	defer f.Close()
	h, err := readHeader(f)
	return h.Info, err
}

// readHeader is Check on an open file, and tells what decoding would cost.
func readHeader(f *os.File) (header, error) {
	stat, err := f.Stat()
	if err != nil {
		return header{}, err
	}
	if stat.Size() > MaxBytes {
		return header{}, tooLarge("the file has %d bytes, at most %d are accepted", stat.Size(), MaxBytes)
	}
	h, err := parseHeader(f, stat.Size())
	if err != nil {
		return header{}, err
	}
	// The decoder's own opinion decides; the parser above only looks for what
	// the decoder does not tell (orientation, progressive, frames).
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return header{}, err
	}
	cfg, _, err := image.DecodeConfig(f)
	if err != nil {
		return header{}, invalid("its header cannot be read: %v", err)
	}
	if !h.animated && (cfg.Width != h.width || cfg.Height != h.height) {
		return header{}, invalid("its headers contradict each other")
	}
	for _, size := range [][2]int{{cfg.Width, cfg.Height}, {h.width, h.height}} {
		if size[0] <= 0 || size[1] <= 0 {
			return header{}, invalid("it has no pixels")
		}
		if int64(size[0])*int64(size[1]) > MaxPixels {
			return header{}, tooLarge("it has %d × %d pixels, at most %d megapixels are accepted", size[0], size[1], MaxPixels/1_000_000)
		}
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return header{}, err
	}
	return h.finish(stat.Size()), nil
}
