//go:build !unix

package backup

import (
	"path/filepath"
	"strings"
)

// sameVolume compares the drives' letters.
func sameVolume(a, b string) (bool, error) {
	return strings.EqualFold(filepath.VolumeName(a), filepath.VolumeName(b)), nil
}
