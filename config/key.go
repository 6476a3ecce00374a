package config

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// Kind is what a value must look like.
type Kind string

// The kinds of values.
const (
	Text     Kind = "text"
	Path     Kind = "path"  // of a file or a folder, whole
	Place    Kind = "place" // a folder, whole, or s3://…
	Address  Kind = "address"
	URL      Kind = "url"
	Names    Kind = "names" // of this server, commas between
	Switch   Kind = "switch"
	Whole    Kind = "whole" // a whole number, from 0
	Duration Kind = "duration"
)

// Key is a row of the table: everything that is known of one value.
type Key struct {
	Name    string // in the file, and of the flag
	Kind    Kind
	Unit    string
	Default string
	For     string   // what it is for, one sentence
	Low     string   // the least that makes sense; "" any
	Choices []string // of a text; nil: any
	Secret  bool     // never printed
	// Elsewhere is the name of the same thing as a flag of other commands.
	Elsewhere map[string]string
}

// Find is the row of a key; nil: there is none.
func Find(name string) *Key {
	i := slices.IndexFunc(Keys, func(k Key) bool { return k.Name == name })
	if i < 0 {
		return nil
	}
	return &Keys[i]
}

// Variable is the environment's name of a key.
func (k *Key) Variable() string {
	return Prefix + strings.ToUpper(strings.ReplaceAll(k.Name, "-", "_"))
}

func (k *Key) flagOf(command string) string {
	if name := k.Elsewhere[command]; name != "" {
		return name
	}
	return k.Name
}

// Describe gives a command's flags the table's defaults and words.
func Describe(flags *pflag.FlagSet) {
	for i := range Keys {
		k := &Keys[i]
		if f := flags.Lookup(k.Name); f != nil {
			f.Usage = k.For
			if err := f.Value.Set(k.Default); err == nil || k.Default == "" {
				f.DefValue = k.Default
			}
			f.Changed = false
		}
	}
}

// check answers what is wrong with a text as this key's value.
func (k *Key) check(text string, from Origin) error {
	bad := func() error { return fmt.Errorf(textBad, from, k.Name, k.shown(text), k.Kind.must()) }
	if text == "" && k.Default == "" {
		return nil
	}
	switch k.Kind {
	case Text:
		if k.Choices != nil && !slices.Contains(k.Choices, text) {
			return fmt.Errorf(textBad, from, k.Name, k.shown(text), fmt.Sprintf(textOneOf, strings.Join(k.Choices, "、")))
		}
	case Path:
		if !filepath.IsAbs(text) && !strings.HasPrefix(string(from), "--") { // a line is typed in some folder, a file is not
			return bad()
		}
	case Place:
		if !filepath.IsAbs(text) && !strings.HasPrefix(text, "s3://") && !strings.HasPrefix(string(from), "--") {
			return bad()
		}
	case Address:
		if _, port, err := net.SplitHostPort(text); err != nil || !isPort(port) {
			return bad()
		}
	case URL:
		if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return bad()
		}
	case Names:
		for name := range strings.SplitSeq(text, ",") {
			if !hostName.MatchString(strings.TrimSpace(name)) {
				return bad()
			}
		}
	case Switch:
		if text != "true" && text != "false" {
			return bad()
		}
	case Whole:
		n, err := strconv.Atoi(text)
		low, _ := strconv.Atoi(k.Low)
		if err != nil || n < 0 {
			return bad()
		}
		if n < low {
			return fmt.Errorf(textTooSmall, from, k.Name, text, k.Low)
		}
	case Duration:
		d, err := time.ParseDuration(text)
		low, _ := time.ParseDuration(k.Low)
		if err != nil || d < 0 {
			return bad()
		}
		if d < low {
			return fmt.Errorf(textTooSmall, from, k.Name, text, k.Low)
		}
	}
	return nil
}

// hostName is a name with a dot in it: for an address or a bare name no authority vouches
// in this way.
var hostName = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$`)

func isPort(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= 0 && n <= 65535
}

func (k *Key) shown(text string) string {
	if k.Secret && text != "" {
		return textHidden
	}
	return text
}
