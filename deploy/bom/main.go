// Command bom writes what a release is made of, as CycloneDX JSON: the Go modules that
// the binary itself names, and the npm packages that the lock file puts into the apps,
// each with the licence that its own files carry. A licence that is not on the list, or
// a module without one, ends it. It downloads nothing, and the same input makes the
// same bytes: no time and no serial number stand in it.
package main

import (
	"bufio"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

func main() {
	binary, lock := flag.String("binary", "", "the built program"), flag.String("lock", "", "package-lock.json of the apps")
	version, allowed := flag.String("version", "", "of the release"), flag.String("licences", "", "the list of licences that may be in it")
	flag.Parse()
	if err := run(*binary, *lock, *version, *allowed); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// component is one of CycloneDX.
type component struct {
	Type     string     `json:"type"`
	Name     string     `json:"name"`
	Version  string     `json:"version"`
	Purl     string     `json:"purl,omitempty"`
	Licenses []licensed `json:"licenses,omitempty"`
}

type licensed struct {
	License struct {
		ID string `json:"id"`
	} `json:"license"`
}

func under(ids []string) []licensed {
	out := make([]licensed, len(ids))
	for i, id := range ids {
		out[i].License.ID = id
	}
	return out
}

func run(binary, lock, version, allowed string) error {
	may, err := list(allowed)
	if err != nil {
		return err
	}
	modules, err := goModules(binary)
	if err != nil {
		return err
	}
	packages, err := npmPackages(lock)
	if err != nil {
		return err
	}
	all := append(modules, packages...)
	if err := against(all, may); err != nil {
		return err
	}
	e := json.NewEncoder(os.Stdout)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	return e.Encode(map[string]any{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
		"metadata": map[string]any{"component": component{Type: "application", Name: "doorstep", Version: version}}, "components": all})
}

// allowed are the licences that may be in a release, and those that somebody read where
// no machine finds them.
type allowed struct {
	ids  []string
	read map[string]string // by component
}

// list reads it: a licence a line, or "read COMPONENT LICENCE".
func list(path string) (*allowed, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	out := &allowed{read: map[string]string{}}
	s := bufio.NewScanner(f)
	for s.Scan() {
		switch words := strings.Fields(s.Text()); {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
		case len(words) == 1:
			out.ids = append(out.ids, words[0])
		case len(words) == 3 && words[0] == "read":
			out.read[words[1]] = words[2]
		default:
			return nil, fmt.Errorf("%s: not understood: %s", path, s.Text())
		}
	}
	return out, s.Err()
}

// against fills in what was read, and names every component whose licences are not all
// on the list.
func against(all []component, may *allowed) error {
	var errs []error
	for i, c := range all {
		if id := may.read[c.Name]; id != "" && len(c.Licenses) == 0 {
			c.Licenses = under([]string{id})
			all[i] = c
		}
		if len(c.Licenses) == 0 {
			errs = append(errs, fmt.Errorf("%s %s: no licence was found", c.Name, c.Version))
		}
		for _, l := range c.Licenses {
			if !slices.Contains(may.ids, l.License.ID) {
				errs = append(errs, fmt.Errorf("%s %s: licence %s is not on the list", c.Name, c.Version, l.License.ID))
			}
		}
	}
	return errors.Join(errs...)
}

// goModules are those that the linker wrote into the binary, as `go version -m` tells.
func goModules(binary string) ([]component, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	var out []component
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", m.Path).Output()
		if err != nil {
			return nil, fmt.Errorf("%s: where are its files: %w", m.Path, err)
		}
		ids, err := licencesIn(strings.TrimSpace(string(dir)))
		if err != nil {
			return nil, err
		}
		out = append(out, component{Type: "library", Name: m.Path, Version: m.Version, Purl: "pkg:golang/" + m.Path + "@" + m.Version, Licenses: under(ids)})
	}
	return out, nil
}

// enough is how much of a file must be a licence's text, in percent, for the file to
// be one.
const enough = 75

// licencesIn reads the licences in the top of a module: what is there, not what is said.
func licencesIn(dir string) (ids []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") && !strings.HasPrefix(name, "UNLICENSE") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		cover := licensecheck.Scan(text)
		if cover.Percent < enough {
			continue
		}
		for _, m := range cover.Match {
			if !m.IsURL && !slices.Contains(ids, m.ID) {
				ids = append(ids, m.ID)
			}
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// npmPackages are the lock file's that go into the apps: tools that build them do not.
func npmPackages(path string) ([]component, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version, License string
			Dev              bool
		}
	}
	if err := json.Unmarshal(raw, &lock); err != nil {
		return nil, err
	}
	var out []component
	for at, p := range lock.Packages {
		if at == "" || p.Dev {
			continue
		}
		name := at[strings.LastIndex(at, "node_modules/")+len("node_modules/"):]
		var ids []string
		if p.License != "" {
			ids = []string{p.License}
		}
		out = append(out, component{Type: "library", Name: name, Version: p.Version, Purl: "pkg:npm/" + strings.Replace(name, "@", "%40", 1) + "@" + p.Version, Licenses: under(ids)})
	}
	slices.SortFunc(out, func(a, b component) int { return strings.Compare(a.Purl, b.Purl) })
	return out, nil
}
