// Package mutation puts known mistakes into a copy of the source and lets a simulation
// look for them: one that does not catch them proves nothing. It is for tests only, and
// knows no simulation but by what it prints: "seed N:" and lines "  checker: what".
package mutation

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// Mutation is one mistake.
type Mutation struct {
	Name    string
	changes []Change
	mustBe  []string // at least one of these checkers catches it
}

// Change is a place in a file of the module, and what stands there instead.
type Change struct{ file, old, new string }

// New is a mutation.
func New(name string, mustBe []string, changes ...Change) Mutation {
	return Mutation{name, changes, mustBe}
}

// At is a change.
func At(file, old, instead string) Change { return Change{file, old, instead} }

var (
	failedSeed    = regexp.MustCompile(`seed (\d+):`)
	failedChecker = regexp.MustCompile(`(?m)^\s+([a-z]+): `)
)

// Finding is how a simulation went over a mutated source: by which checkers the mistake
// was found at which seed first, and what was said of it; none and seed "none" where all
// seeds passed.
type Finding struct {
	Checkers []string
	Seed     string
	Said     string
}

// Run builds the tests of the package that it runs in over the mutated source, and runs
// them with these arguments. dir is the run's own.
func (m *Mutation) Run(root, dir string, args ...string) (f Finding, err error) {
	overlay, err := m.Overlay(root, dir)
	if err != nil {
		return f, err
	}
	binary := filepath.Join(dir, "sim.test")
	build := exec.Command("go", "test", "-c", "-overlay", overlay, "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return f, fmt.Errorf("mutation %q does not build: %w\n%s", m.Name, err, out)
	}
	out, err := exec.Command(binary, args...).CombinedOutput()
	if err == nil {
		return Finding{Seed: "none"}, nil
	}
	found := failedSeed.FindSubmatchIndex(out)
	if found == nil {
		return f, fmt.Errorf("mutation %q: %w\n%s", m.Name, err, out)
	}
	said := out[found[1]:]
	if next := failedSeed.FindIndex(said); next != nil {
		said = said[:next[0]]
	}
	f = Finding{Seed: string(out[found[2]:found[3]]), Said: string(said)}
	for _, c := range failedChecker.FindAllSubmatch(said, -1) {
		if name := string(c[1]); name != "again" && !slices.Contains(f.Checkers, name) {
			f.Checkers = append(f.Checkers, name)
		}
	}
	return f, nil
}

// MustBe are those of whom one must catch it.
func (m *Mutation) MustBe() []string { return m.mustBe }

// CaughtBy says whether one of those that must caught it.
func (m *Mutation) CaughtBy(f Finding) bool {
	return slices.ContainsFunc(f.Checkers, func(c string) bool { return slices.Contains(m.mustBe, c) })
}

// Overlay writes the mutated files, and the list that puts them in the place of the real
// ones (go build -overlay). Each place must be there once.
func (m *Mutation) Overlay(root, dir string) (list string, err error) {
	if root, err = filepath.Abs(root); err != nil {
		return "", err
	}
	texts := map[string]string{}
	for _, c := range m.changes {
		if texts[c.file] == "" {
			b, err := os.ReadFile(filepath.Join(root, c.file))
			if err != nil {
				return "", err
			}
			texts[c.file] = string(b)
		}
		if strings.Count(texts[c.file], c.old) != 1 {
			return "", fmt.Errorf("mutation %q: the place %q is not once in %s any more: say it anew", m.Name, c.old, c.file)
		}
		texts[c.file] = strings.Replace(texts[c.file], c.old, c.new, 1)
	}
	replace := map[string]string{}
	for file, text := range texts {
		to := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(root, file)] = to
	}
	b, err := json.Marshal(map[string]map[string]string{"Replace": replace})
	if err != nil {
		return "", err
	}
	list = filepath.Join(dir, "overlay.json")
	return list, os.WriteFile(list, b, 0o600)
}
