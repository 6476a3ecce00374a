// Package idnumber is the resident identity number of GB 11643-1999 (公民身份号码):
// reading it, checking it, upgrading the old 15-digit form, masking it, and the
// disability certificate number that is built on it (残疾人证号).
//
// It is pure: no clock (whether somebody is born in the future is asked with the
// day passed in), no list of regions (a number keeps the region of its first
// issue, which may long have been renamed; domain/region knows today's), and no
// register of who holds which number.
package idnumber

import (
	"fmt"
	"strings"
	"time"
)

// Number is a valid number in its 18-character form, upper-case. The zero value
// is no number.
type Number string

// Parse reads a number as people write it: spaces and full-width characters are
// put right, x becomes X, and a 15-digit number (GB 11643-1989) is upgraded. The
// error is a Fault.
func Parse(s string) (Number, error) {
	s = Normalise(s)
	switch len(s) {
	case 15:
		up, err := upgrade(s)
		if err != nil {
			return "", err
		}
		s = up
	case 18:
		if !digits(s[:17]) || !digits(s[17:]) && s[17] != 'X' {
			return "", FaultCharacter
		}
	default:
		return "", FaultLength
	}
	if s[0] == '0' || s[0] == '9' { // GB/T 2260: the first digit is the part of the country, 1–8
		return "", FaultRegion
	}
	if _, err := birth(s); err != nil {
		return "", err
	}
	if CheckCharacter(s[:17]) != s[17] {
		return "", FaultChecksum
	}
	return Number(s), nil
}

// Validate is Parse for those who want only the answer.
func Validate(s string) error {
	_, err := Parse(s)
	return err
}

// Normalise removes spaces and separators, turns full-width characters into ASCII
// and makes x upper-case. It judges nothing; two spellings of one number
// normalise to the same text (15 digits stay 15, see Parse).
func Normalise(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～': // the full-width block mirrors ASCII
			r -= '！' - '!'
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' || r == '\u3000' || r == '\ufeff' || r == '\u200b':
			return -1
		}
		if r == '-' || r == '\'' { // '3702… is how spreadsheets keep a number as text
			return -1
		}
		if r == 'x' {
			return 'X'
		}
		return r
	}, s)
}

var weights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// CheckCharacter computes the 18th character (GB 11643 §4.2.4, ISO 7064
// MOD 11-2) of 17 digits.
func CheckCharacter(first17 string) byte {
	sum := 0
	for i, w := range weights {
		sum += int(first17[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// upgrade turns 15 digits into 18: the century is 19, but for the sequence
// numbers 996–999, which were kept for people born before 1900.
func upgrade(s string) (string, error) {
	if !digits(s) {
		return "", FaultCharacter
	}
	century := "19"
	if s[12:] >= "996" {
		century = "18"
	}
	s = s[:6] + century + s[6:]
	return s + string(CheckCharacter(s)), nil
}

func birth(s string) (time.Time, error) {
	day, err := time.Parse("20060102", s[6:14])
	if err != nil || day.Year() < 1800 {
		return time.Time{}, FaultBirth
	}
	return day, nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Region is the six-digit code of the county of first issue.
func (n Number) Region() string { return string(n[:6]) }

// Birth is the birth date, midnight UTC.
func (n Number) Birth() time.Time {
	day, _ := birth(string(n))
	return day
}

// BirthDate is the birth date as records keep it, YYYY-MM-DD.
func (n Number) BirthDate() string { return n.Birth().Format(time.DateOnly) }

// Sex is the code of GB/T 2261.1: the 17th digit odd is "1" male, even "2" female.
func (n Number) Sex() string {
	if (n[16]-'0')%2 == 1 {
		return "1"
	}
	return "2"
}

// BornBy reports whether the birth date is not after the given day; a number
// "born" later was mistyped.
func (n Number) BornBy(day time.Time) bool {
	return n.BirthDate() <= day.Format(time.DateOnly)
}

// Make builds the number of an invented person: region (6 digits), birth date and
// sequence 1–999, whose parity is the sex (odd male). For tests and the demo
// county.
func Make(region string, born time.Time, seq int) (Number, error) {
	if len(region) != 6 || !digits(region) {
		return "", FaultRegion
	}
	if seq < 1 || seq > 999 {
		return "", FaultSequence
	}
	s := fmt.Sprintf("%s%s%03d", region, born.Format("20060102"), seq)
	if len(s) != 17 {
		return "", FaultBirth
	}
	return Parse(s + string(CheckCharacter(s)))
}

// Old is the number in its form of 15 digits; "" for who cannot have had one.
func (n Number) Old() string {
	if n[6:8] != "19" || n[14:17] >= "996" {
		return ""
	}
	return string(n[:6] + n[8:17])
}
