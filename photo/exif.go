package photo

import "encoding/binary"

// maxExif is how much of an EXIF block is read: orientation stands in the
// first directory, at its head.
const maxExif = 64 << 10

// EXIF orientation: tag, type SHORT, and how many directory entries are read.
const (
	tagOrientation = 0x0112
	typeShort      = 3
	ifdEntrySize   = 12
	maxIFDEntries  = 512
)

// orientation returns the EXIF orientation (1 to 8) from a TIFF block, and 1
// wherever the block does not say it clearly: a picture with a damaged EXIF
// block is still a picture.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := min(int(order.Uint16(tiff[at:])), maxIFDEntries)
	ifd := tiff[at+2:]
	for range entries {
		if len(ifd) < ifdEntrySize {
			return 1
		}
		if order.Uint16(ifd) == tagOrientation {
			value := int(order.Uint16(ifd[8:]))
			if order.Uint16(ifd[2:]) != typeShort || order.Uint32(ifd[4:]) != 1 || value < 1 || value > 8 {
				return 1
			}
			return value
		}
		ifd = ifd[ifdEntrySize:]
	}
	return 1
}
