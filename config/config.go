// Package config is what a county's server is told before it starts: one table of
// keys, read from a file, the environment and the command line, checked as a whole,
// and printed as it is in force. It applies what it read to a command's flags, so that
// every part has one way of being told something. It opens nothing and starts nothing.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/pflag"
)

// Where the file is looked for, unless --config says otherwise. The second is read
// only where it is there.
const (
	FileVariable = "DOORSTEP_CONFIG"
	DefaultFile  = "/etc/doorstep/doorstep.toml"
	// Prefix begins a variable that sets a key. It is long on purpose: an orchestrator
	// makes variables of its own out of a service's name (DOORSTEP_PORT …).
	Prefix = "DOORSTEP_SET_"
)

// fileLimit bounds a file that is no configuration.
const fileLimit = 1 << 20

// Sources is where values come from. A flag that was given outranks the environment,
// which outranks the file.
type Sources struct {
	File    string   // --config; "" is FileVariable, then DefaultFile
	Environ []string // as os.Environ answers it
	Default string   // instead of DefaultFile, for tests; "" DefaultFile
}

// Origin says where a value in force came from.
type Origin string

// value is what a source says of a key.
type value struct {
	text string
	from Origin
}

// Apply reads the sources and sets the flags of a command that were not given on its
// line. All mistakes are answered at once, each naming the key, where it stands and
// what to do. It answers where each value in force came from, by key.
func Apply(s Sources, command string, flags *pflag.FlagSet) (map[string]Origin, error) {
	values, errs := read(s)
	origins := map[string]Origin{}
	for _, k := range Keys {
		name := k.flagOf(command)
		f := flags.Lookup(name)
		if f == nil {
			if v, said := values[k.Name]; said { // checked all the same: the file is one for all commands
				errs = append(errs, k.check(v.text, v.from))
			}
			continue
		}
		switch v, said := values[k.Name]; {
		case f.Changed:
			origins[k.Name] = fromLine
			errs = append(errs, k.check(f.Value.String(), Origin("--"+name)))
		case said:
			origins[k.Name] = v.from
			if err := k.check(v.text, v.from); err != nil {
				errs = append(errs, err)
			} else if err := flags.Set(name, v.text); err != nil {
				errs = append(errs, fmt.Errorf(textBad, v.from, k.Name, v.text, k.Kind.must()))
			}
		default:
			origins[k.Name] = fromDefault
		}
	}
	return origins, errors.Join(errs...)
}

// read answers what file and environment say, the stronger over the weaker.
func read(s Sources) (map[string]value, []error) {
	environment := map[string]string{}
	for _, line := range s.Environ {
		if name, text, ok := strings.Cut(line, "="); ok {
			environment[name] = text
		}
	}
	values, errs := fromFile(s, environment[FileVariable])
	for _, name := range slices.Sorted(maps.Keys(environment)) {
		rest, ours := strings.CutPrefix(name, Prefix)
		if !ours {
			continue
		}
		key := strings.ReplaceAll(strings.ToLower(rest), "_", "-")
		if Find(key) == nil {
			errs = append(errs, unknown(Origin(name), key))
			continue
		}
		values[key] = value{environment[name], Origin(name)}
	}
	return values, errs
}

func fromFile(s Sources, variable string) (map[string]value, []error) {
	values := map[string]value{}
	path, must := s.File, true
	if path == "" {
		path = variable
	}
	if path == "" {
		path, must = s.Default, false
		if path == "" {
			path = DefaultFile
		}
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && !must {
		return values, nil
	}
	if err != nil {
		return values, []error{fmt.Errorf(textNoFile, path, err)}
	}
	if info.Size() > fileLimit {
		return values, []error{fmt.Errorf(textFileTooLarge, path)}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return values, []error{fmt.Errorf(textNoFile, path, err)}
	}
	return parse(path, raw)
}

// parse reads TOML: a flat list of keys, the same names as the flags.
func parse(path string, raw []byte) (map[string]value, []error) {
	values := map[string]value{}
	var said map[string]any
	if err := toml.Unmarshal(raw, &said); err != nil {
		var at *toml.DecodeError
		if errors.As(err, &at) {
			row, column := at.Position()
			return values, []error{fmt.Errorf(textSyntax, path, row, column, at.Error())}
		}
		return values, []error{fmt.Errorf(textSyntax, path, 1, 1, err.Error())}
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(said)) {
		k := Find(name)
		if k == nil {
			errs = append(errs, unknown(Origin(path), name))
			continue
		}
		text, ok := plain(said[name])
		if !ok {
			errs = append(errs, fmt.Errorf(textBad, path, name, said[name], k.Kind.must()))
			continue
		}
		values[name] = value{text, Origin(path)}
	}
	return values, errs
}

// plain is a TOML value as a flag takes it; tables and dates are none.
func plain(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool, int64:
		return fmt.Sprint(v), true
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			text, ok := one.(string)
			if !ok || strings.ContainsAny(text, ",\"\n") {
				return "", false
			}
			parts[i] = text
		}
		return strings.Join(parts, ","), true
	}
	return "", false
}

// unknown refuses a key that nobody reads, and names the one that may be meant.
func unknown(from Origin, name string) error {
	best, distance := "", 4
	for _, k := range Keys {
		if d := apart(name, k.Name); d < distance {
			best, distance = k.Name, d
		}
	}
	if best != "" {
		return fmt.Errorf(textUnknownNear, from, name, best)
	}
	return fmt.Errorf(textUnknown, from, name)
}

// apart is the edit distance of two short names.
func apart(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := last
			if a[i] != b[j] {
				change++
			}
			last = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
