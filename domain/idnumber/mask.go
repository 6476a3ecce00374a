package idnumber

import "strings"

// Mask shows the first two and the last two characters, stars between:
// 37**************2X. Birth date, region and sex stand beside the number in the
// record; with any of its digits 3–16 shown the rest could be computed. A text of
// four characters or less is all stars. Masking twice changes nothing.
func Mask(s string) string {
	runes := []rune(s)
	if len(runes) <= 4 {
		return strings.Repeat("*", len(runes))
	}
	return string(runes[:2]) + strings.Repeat("*", len(runes)-4) + string(runes[len(runes)-2:])
}

// Masked reports whether a value came from Mask (a star is part of no number), so
// that it is never written back over the real one.
func Masked(s string) bool { return strings.Contains(s, "*") }
