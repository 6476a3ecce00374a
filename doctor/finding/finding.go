// Package finding is a line of an examination: what was looked at, how it is, what to do.
// It is for people, for programs, and for monitoring systems by the exit code; what is
// looked at is its callers' (doctor, province/checkup).
package finding

import (
	"encoding/json"
	"fmt"
	"io"
)

// Level is how bad something is. The numbers are those that monitoring systems of the
// Nagios kind expect of a check.
type Level int

// Levels.
const (
	OK Level = iota
	Warn
	Fail
)

var levelNames = [...]string{"ok", "warn", "fail"}

func (l Level) String() string { return levelNames[l] }

// MarshalText lets JSON hold the word.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Finding is a line.
type Finding struct {
	Check string `json:"check"`
	Level Level  `json:"level"`
	Text  string `json:"text"`
	Do    string `json:"do,omitempty"`
}

// Good is a line about what is well.
func Good(format string, args ...any) Finding { return Finding{Text: fmt.Sprintf(format, args...)} }

// Bad is a line about what is not, and what to do.
func Bad(level Level, do, format string, args ...any) Finding {
	return Finding{Level: level, Text: fmt.Sprintf(format, args...), Do: do}
}

// Worst is the worst of some lines.
func Worst(list []Finding) Level {
	worst := OK
	for _, f := range list {
		worst = max(worst, f.Level)
	}
	return worst
}

// marks begin a line, so that one sees the bad ones at a glance.
var marks = [...]string{"[正常]", "[注意]", "[异常]"}

// Print writes the lines for people.
func Print(w io.Writer, findings []Finding) error {
	for _, f := range findings {
		line := fmt.Sprintf("%s %s：%s", marks[f.Level], f.Check, f.Text)
		if f.Do != "" {
			line += "\n       → " + f.Do
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// PrintJSON writes them for programs.
func PrintJSON(w io.Writer, findings []Finding, worst Level) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(map[string]any{"level": worst, "findings": findings})
}
