package register

import (
	"strings"

	"doorstep/sync/policy"
)

// Spoken is a field's value in official words, with its unit and masked, as a printed page
// has it; "" for nothing.
func Spoken(typ, field string, v any) string {
	f := policy.Lookup(typ).Field(field)
	text := speak(f, v, false)
	if text != "" && f.Unit != "" {
		text += f.Unit
	}
	return text
}

// MaskPhone leaves of a telephone number what tells two apart.
func MaskPhone(s string) string {
	const head, tail = 3, 4
	if len(s) <= head+tail {
		return strings.Repeat("*", len(s))
	}
	return s[:head] + strings.Repeat("*", len(s)-head-tail) + s[len(s)-tail:]
}
