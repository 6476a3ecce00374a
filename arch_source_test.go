package main

// Rules over the text of the tree: which TypeScript folder may import what, that
// nothing is skipped, that no registry's host name is written anywhere, that no two things
// share an advisory lock, and that one package makes the zone of the product's days.

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// source is one text file of the repository.
type source struct{ path, text string }

// notSource are folders that are fetched, built or written by a run.
var notSource = []string{".git", ".cache", "node_modules", "e2e/out", "doorstep_data", "doorstep_demo", "demo_data", "pb_data"}

// sources reads the text files under dir that match.
func sources(t *testing.T, dir string, match func(path string) bool) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() {
			if slices.Contains(notSource, name) || slices.Contains(notSource, path.Base(name)) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || !match(name) {
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if !slices.Contains(content[:min(len(content), 8000)], 0) { // not an image, not a binary
			out = append(out, source{name, string(content)})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("no source found under %s: the rule would hold of nothing", dir)
	}
	return out
}

// webRule says what the files of a folder in web/src may not import.
type webRule struct {
	folder  string
	forbids *regexp.Regexp
	remedy  string
}

var screens = regexp.MustCompile(`^(vue($|[-/])|@vue/|pinia|vant|@vant/|element-plus|echarts)|\.vue$|/(tablet|console)/`)

var webRules = []webRule{
	{"web/src/sync/", screens, "the sync core knows no screen: pass what it needs as an argument"},
	{"web/src/store/", screens, "the store knows no screen: let the screen subscribe to it"},
	{"web/src/crypto/", screens, "encryption knows no screen: pass what it needs as an argument"},
	{"web/src/tablet/", regexp.MustCompile(`/console/|^element-plus|^echarts`), "no tablet downloads a line of the console: move what both need out of it"},
	{"web/src/console/", regexp.MustCompile(`/tablet/|^vant`), "the console is a build of its own: move what both need out of the tablet"},
}

// webImport finds what a TypeScript or Vue file imports, statically or not.
var webImport = regexp.MustCompile(`(?m)(?:^\s*(?:import|export)\b[^'"\n;]*(?:\n[^'"\n;]*)*?|\bimport\s*\(\s*)['"]([^'"]+)['"]`)

func TestArchTheWebCoreKnowsNoScreens(t *testing.T) {
	report(t, againstWebRules(sources(t, "web/src", func(name string) bool {
		return strings.HasSuffix(name, ".ts") || strings.HasSuffix(name, ".vue")
	})))
}

func againstWebRules(files []source) (complaints []string) {
	for _, f := range files {
		for _, rule := range webRules {
			if !strings.HasPrefix(f.path, rule.folder) {
				continue
			}
			for _, m := range webImport.FindAllStringSubmatch(f.text, -1) {
				if target := fromRoot(f.path, m[1]); rule.forbids.MatchString(target) {
					complaints = append(complaints, fmt.Sprintf("%s imports %s: %s", f.path, m[1], rule.remedy))
				}
			}
		}
	}
	return complaints
}

// fromRoot turns a relative or aliased import into a path from the top, so that
// "../tablet/x" and "@/tablet/x" meet the same rule.
func fromRoot(file, target string) string {
	if strings.HasPrefix(target, ".") {
		return path.Join(path.Dir(file), target)
	}
	if rest, ok := strings.CutPrefix(target, "@/"); ok {
		return "web/src/" + rest
	}
	return target
}

// skipped finds tests that are switched off, or that switch the others off.
var skipped = regexp.MustCompile(`\b[a-z]+\.Skip(Now|f)?\(|\b(it|test|describe)\.(skip|only|todo)\b|\{\s*(skip|only|todo):`)

func TestArchNoTestIsSwitchedOff(t *testing.T) {
	report(t, againstSkipping(sources(t, ".", func(name string) bool {
		return strings.HasSuffix(name, "_test.go") && !strings.HasPrefix(name, "arch_") ||
			strings.HasSuffix(name, ".test.ts") || strings.HasSuffix(name, ".mjs")
	})))
}

func againstSkipping(files []source) (complaints []string) {
	for _, f := range files {
		if m := skipped.FindString(f.text); m != "" {
			complaints = append(complaints, fmt.Sprintf("%s contains %q: mend the test, or delete it with the behaviour it was for", f.path, m))
		}
	}
	return complaints
}

// registryHosts finds addresses of package registries and their mirrors, and the
// lock file's record of them. Where packages come from is the machine's affair.
var registryHosts = regexp.MustCompile(`(?i)\bnpm[j]s\.(org|com)|\bnpm[m]irror\.com|\byarn[p]kg\.com|\bproxy\.golang[.]org|\bsum\.golang[.]org|\bgo[p]roxy\.(io|cn)|"resolved"\s*:\s*"http`)

func TestArchNoRegistryIsNamed(t *testing.T) {
	report(t, againstRegistries(sources(t, ".", func(name string) bool { return !strings.HasSuffix(name, "arch_rules_test.go") })))
}

func againstRegistries(files []source) (complaints []string) {
	for _, f := range files {
		if m := registryHosts.FindString(f.text); m != "" {
			complaints = append(complaints, fmt.Sprintf("%s names a registry (%s): leave the address to the machine's own npm and Go settings; for package-lock.json keep omit-lockfile-registry-resolved in web/.npmrc", f.path, m))
		}
	}
	return complaints
}

// advisoryLock is the number of a lock that the province's processes take in PostgreSQL.
var advisoryLock = regexp.MustCompile(`(\w+)\s*= (7205_\d{4})\b`)

// Two things under one number wait for each other: who builds tables for whoever counts.
func TestArchEachAdvisoryLockIsOneThing(t *testing.T) {
	locks := map[string]string{}
	for _, s := range sources(t, "province", func(path string) bool { return strings.HasSuffix(path, ".go") }) {
		for _, m := range advisoryLock.FindAllStringSubmatch(s.text, -1) {
			name := s.path + " " + m[1]
			if other := locks[m[2]]; other != "" {
				t.Errorf("%s and %s are one lock, %s", other, name, m[2])
			}
			locks[m[2]] = name
		}
	}
	if len(locks) < 6 {
		t.Errorf("only %d locks were found: %v", len(locks), locks)
	}
}

// makesZone finds a zone that is made or looked up.
var makesZone = regexp.MustCompile(`\btime\.(FixedZone|LoadLocation|LoadLocationFromTZData)\(`)

func TestArchOnePackageMakesTheZone(t *testing.T) {
	found := sources(t, ".", func(name string) bool { return strings.HasSuffix(name, ".go") && !strings.HasPrefix(name, "arch_") })
	report(t, againstZones(found))
	if !slices.ContainsFunc(found, func(s source) bool { return strings.HasPrefix(s.path, zoneFolder) && makesZone.MatchString(s.text) }) {
		t.Errorf("%s makes no zone: the rule would hold of nothing", zoneFolder)
	}
}

const zoneFolder = "domain/zone/"

func againstZones(files []source) (complaints []string) {
	for _, f := range files {
		if m := makesZone.FindString(f.text); m != "" && !strings.HasPrefix(f.path, zoneFolder) {
			complaints = append(complaints, fmt.Sprintf("%s makes a zone (%s): days are China's, by zone.China and zone.Day (domain/zone)", f.path, m))
		}
	}
	return complaints
}
