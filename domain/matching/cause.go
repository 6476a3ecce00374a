package matching

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// CauseOf names what a row tells, whichever file and line it stands in: two files of
// one fact are one cause. who is the member's id, or the person where nobody was found.
func (k *Kind) CauseOf(rec Record, who string) string {
	parts := make([]string, 0, len(k.Cause)+2)
	parts = append(parts, k.Code, who)
	for _, field := range k.Cause {
		parts = append(parts, fmt.Sprint(rec.Values[field]))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// Who is the person of a record that nobody in the register is: the number, or name,
// birth date and village.
func (rec Record) Who() string {
	if rec.ID != "" {
		return string(rec.ID)
	}
	return rec.Name + " " + rec.Born + " " + rec.Village
}

// Complete fills what a list leaves to its date: the year of a figure is that of the
// day the list speaks of.
func (k *Kind) Complete(rec *Record, asOf string) {
	for _, c := range k.Columns {
		if c.As != AsYear || rec.Values[c.Field] != nil || len(asOf) < 4 {
			continue
		}
		if n, code := ReadNumber(asOf[:4]); code == "" {
			if rec.Values == nil {
				rec.Values = map[string]any{}
			}
			rec.Values[c.Field] = n
		}
	}
}
