package main

// The architecture as tests: who may import whom, what stays pure, and that every
// package says what it is for. The diagram is in ARCHITECTURE.md; the table here is
// what is enforced. Every rule is a function from facts to complaints, so that
// arch_rules_test.go can prove with invented violations that it is able to fail.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "doorstep"

// mayImport is the diagram: for each package, which others of this module it may
// import. A name that ends with "/" stands for everything under that folder.
var mayImport = map[string][]string{
	".":                      {"backup", "config", "doctor", "doctor/finding", "front", "figures/counting", "health", "hooks", "interop", "migrations", "register", "demo", "life", "bench", "sim", "photo", "sync/engine", "sync/uploads", "sync/atrest", "tables", "province/wire", "province/streams", "province/relay", "province/store", "province/consume", "province/desk", "province/search", "province/looks", "province/checkup", "province/handing", "domain/"},
	"backup":                 {"durable", "interop", "province/wire", "sync/engine", "sync/sealing", "sync/atrest", "photo"},
	"config":                 {},
	"durable":                {},
	"doctor":                 {"backup", "doctor/finding", "sync/engine", "sync/atrest"},
	"doctor/finding":         {},
	"province/checkup":       {"doctor/finding", "province/consume", "province/looks", "province/store", "province/streams", "province/sums", "province/wire"},
	"deploy/bom":             {},
	"health":                 {},
	"conformance":            {},
	"figures":                {"sync/policy", "domain/"},
	"figures/counting":       {"figures", "sync/engine", "sync/wire", "domain/"},
	"interop":                {"durable", "interop/dci"},
	"interop/dci":            {},
	"interop/interoptest":    {"interop", "interop/dci"},
	"hooks":                  {"interop", "interop/dci", "register", "figures", "figures/counting", "sync/", "photo", "tables", "webhook", "domain/"},
	"migrations":             {"sync/policy", "domain/"},
	"province/wire":          {"domain/zone"},
	"province/streams":       {"province/wire"},
	"province/relay":         {"province/wire", "province/streams", "sync/engine", "sync/wire"},
	"province/store":         {"province/wire", "domain/zone"},
	"province/consume":       {"province/wire", "province/streams", "province/store"},
	"province/handing":       {"province/wire", "register", "durable", "sync/engine", "domain/"},
	"province/desk":          {"figures", "province/store", "province/sums", "province/looks", "province/wire", "tables", "domain/"},
	"province/sums":          {"figures", "province/wire", "sync/policy"},
	"province/looks":         {},
	"province/search":        {"interop", "interop/dci", "province/store", "province/looks", "province/wire", "domain/"},
	"e2e/counties":           {"hooks", "migrations", "register", "province/handing", "province/wire", "sync/engine"},
	"e2e/province":           {"province/store", "province/wire", "domain/"},
	"province/servers":       {"province/store", "province/streams", "province/wire", "migrations", "sync/engine", "sync/engine/enginetest"},
	"province/sim":           {},
	"register":               {"durable", "interop", "interop/dci", "sync/engine", "sync/atrest", "sync/policy", "sync/wire", "tables", "domain/"},
	"tables":                 {},
	"demo":                   {"durable", "register", "sync/engine", "sync/policy", "sync/wire", "photo", "domain/"},
	"life":                   {"register", "demo", "sync/engine", "sync/wire", "domain/"},
	"sim":                    {"hooks", "migrations", "register", "demo", "sync/", "photo", "domain/"},
	"sim/mutation":           {},
	"sim/process":            {},
	"bench":                  {"hooks", "register", "demo", "sync/", "photo", "tables", "domain/", "province/"},
	"photo":                  {"durable"},
	"webhook":                {},
	"front":                  {},
	"sync/engine":            {"sync/merge", "sync/atrest", "sync/policy", "sync/wire", "domain/"},
	"sync/atrest":            {"durable"},
	"sync/engine/enginetest": {},
	"sync/uploads":           {"durable", "sync/wire", "photo"},
	"sync/sealing":           {"durable", "sync/wire"},
	"sync/policy":            {"sync/merge"},
	"sync/wire":              {},
	"sync/merge":             {},
	"domain/":                {"domain/"},
}

// knowPocketBase are the packages that may depend on the framework, directly or
// through others. Everything else must outlive it.
var knowPocketBase = []string{".", "backup", "doctor", "hooks", "migrations", "register", "demo", "e2e/counties", "figures/counting", "life", "province/handing", "province/relay", "province/servers", "sim", "bench", "sync/engine", "sync/engine/enginetest", "sync/uploads"}

// purePackages touch no database, network, file, clock or random source.
var purePackages = []string{"domain/", "figures", "interop/dci", "province/wire", "sync/merge", "sync/policy", "sync/wire"}

// impureImports are the standard library's ways out, and why each is shut. net/http
// is not here: its status numbers are plain facts, and impureNames lets only those by.
var impureImports = map[string]string{
	"os":            "read files and the environment at the edge and pass the content in",
	"os/exec":       "start processes at the edge",
	"net":           "talk to the network at the edge",
	"database/sql":  "query in sync/engine and pass the rows in",
	"math/rand":     "take the random source as an argument",
	"math/rand/v2":  "take the random source as an argument",
	"crypto/rand":   "take the random source as an argument",
	"path/filepath": "read files at the edge and pass the content in",
	"syscall":       "call the system at the edge",
}

// meaninglessNames say nothing about what a package is for.
var meaninglessNames = []string{"utils", "util", "helpers", "helper", "common", "manager", "misc", "shared"}

// goPackage is what `go list -json` says of a package.
type goPackage struct {
	ImportPath, Name, Doc, Dir string
	GoFiles, Imports, Deps     []string
}

// place is a package's path inside the module; the top is ".".
func (p goPackage) place() string { return inside(p.ImportPath) }

func inside(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

func ours(importPath string) bool {
	return importPath == module || strings.HasPrefix(importPath, module+"/")
}

// covers says whether a list, in which "a/" stands for all under a, names a place.
func covers(list []string, place string) bool {
	return slices.ContainsFunc(list, func(item string) bool {
		return item == place || strings.HasSuffix(item, "/") && strings.HasPrefix(place, item)
	})
}

// goPackages lists every package of the module.
func goPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Doc,Dir,GoFiles,Imports,Deps", "./...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var packages []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if len(packages) < 10 {
		t.Fatalf("go list found %d packages only: it does not run at the top of the module", len(packages))
	}
	return packages
}

func report(t *testing.T, complaints []string) {
	t.Helper()
	for _, c := range complaints {
		t.Error(c)
	}
}

func TestArchPackagesImportOnlyWhatTheDiagramAllows(t *testing.T) {
	report(t, againstDiagram(goPackages(t)))
}

func againstDiagram(packages []goPackage) (complaints []string) {
	for _, p := range packages {
		allowed, known := mayImport[p.place()]
		if !known && strings.HasPrefix(p.place(), "domain/") {
			allowed, known = mayImport["domain/"], true
		}
		if !known {
			complaints = append(complaints, fmt.Sprintf("%s is a room without a row: add it to mayImport in arch_test.go, and to ARCHITECTURE.md what it is for and what not", p.place()))
			continue
		}
		for _, i := range p.Imports {
			if ours(i) && !covers(allowed, inside(i)) {
				complaints = append(complaints, fmt.Sprintf("%s imports %s; it may import %v of ours only: move the code to where its dependencies are, or pass what it needs as an argument", p.place(), inside(i), allowed))
			}
		}
	}
	return complaints
}

func TestArchOnlyTheNamedPackagesKnowPocketBase(t *testing.T) {
	report(t, againstFramework(goPackages(t)))
}

func againstFramework(packages []goPackage) (complaints []string) {
	for _, p := range packages {
		if covers(knowPocketBase, p.place()) {
			continue
		}
		for _, d := range p.Deps {
			if strings.HasPrefix(d, "github.com/pocketbase/pocketbase") {
				complaints = append(complaints, fmt.Sprintf("%s depends on %s: only %v know PocketBase; take an interface or plain values instead", p.place(), d, knowPocketBase))
				break
			}
		}
	}
	return complaints
}

// serversOfOthers are programs of their own that tests start: the product links none.
var serversOfOthers = []string{"github.com/nats-io/nats-server", "doorstep/province/servers", "testing"}

func TestArchTheProductLinksNoServersOfOthers(t *testing.T) {
	report(t, againstServers(goPackages(t)))
}

func againstServers(packages []goPackage) (complaints []string) {
	for _, p := range packages {
		if p.place() != "." {
			continue
		}
		for _, d := range p.Deps {
			if slices.ContainsFunc(serversOfOthers, func(s string) bool { return d == s || strings.HasPrefix(d, s+"/") }) {
				complaints = append(complaints, fmt.Sprintf("the product depends on %s: that is for tests only", d))
			}
		}
	}
	return complaints
}

func TestArchPurePackagesTouchNothingOutside(t *testing.T) {
	for _, p := range goPackages(t) {
		report(t, againstImpureImports(p))
		if !covers(purePackages, p.place()) {
			continue
		}
		for _, name := range p.GoFiles {
			complaints, err := againstImpureNames(path.Join(p.place(), name), path.Join(p.Dir, name), nil)
			if err != nil {
				t.Fatal(err)
			}
			report(t, complaints)
		}
	}
}

func againstImpureImports(p goPackage) (complaints []string) {
	if !covers(purePackages, p.place()) {
		return nil
	}
	for _, i := range p.Imports {
		if remedy, impure := impureImports[i]; impure {
			complaints = append(complaints, fmt.Sprintf("%s is pure and imports %q: %s", p.place(), i, remedy))
		}
	}
	return complaints
}

// readsTheClock are the names of package time that look at a clock or wait for one.
var readsTheClock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// againstImpureNames looks in a file for a use of the clock, and for anything of
// net/http but its status numbers. source nil reads the file.
func againstImpureNames(label, file string, source any) (complaints []string, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	names := map[string]string{} // what time and net/http are called in this file
	for _, spec := range f.Imports {
		importPath, _ := strconv.Unquote(spec.Path.Value)
		if importPath == "time" || importPath == "net/http" {
			name := path.Base(importPath)
			if spec.Name != nil {
				name = spec.Name.Name
			}
			names[name] = importPath
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := selector.X.(*ast.Ident)
		if !ok {
			return true
		}
		at := fmt.Sprintf("%s:%d", label, fset.Position(selector.Pos()).Line)
		switch {
		case names[x.Name] == "time" && slices.Contains(readsTheClock, selector.Sel.Name):
			complaints = append(complaints, fmt.Sprintf("%s reads the clock (time.%s): take the time as an argument", at, selector.Sel.Name))
		case names[x.Name] == "net/http" && !strings.HasPrefix(selector.Sel.Name, "Status"):
			complaints = append(complaints, fmt.Sprintf("%s uses http.%s: a pure package may name status numbers only; serve and call in hooks", at, selector.Sel.Name))
		}
		return true
	})
	return complaints, nil
}

func TestArchEveryPackageSaysWhatItIsFor(t *testing.T) {
	report(t, againstSilence(goPackages(t)))
}

func againstSilence(packages []goPackage) (complaints []string) {
	for _, p := range packages {
		if strings.TrimSpace(p.Doc) == "" {
			complaints = append(complaints, fmt.Sprintf("%s has no package comment: say in one file, above its package clause, what it is for and what not", p.place()))
		}
		if slices.Contains(meaninglessNames, p.Name) || slices.Contains(meaninglessNames, path.Base(p.ImportPath)) {
			complaints = append(complaints, fmt.Sprintf("%s: a package called %q may hold anything; name it after what it knows", p.place(), p.Name))
		}
		if p.Name == "sync" {
			complaints = append(complaints, fmt.Sprintf("%s is called sync, the standard library's name: sync/ is a folder of packages", p.place()))
		}
	}
	return complaints
}
