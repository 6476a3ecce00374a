package main

// Each architecture rule, shown an invented violation, must complain, and must not
// complain of the lawful neighbour beside it. A rule that cannot fail is none.

import (
	"strings"
	"testing"
)

func pkg(place string, imports ...string) goPackage {
	p := goPackage{ImportPath: module + "/" + place, Name: place[strings.LastIndex(place, "/")+1:], Doc: "Package x is documented.", Imports: imports, Deps: imports}
	if place == "." {
		p.ImportPath, p.Name = module, "main"
	}
	return p
}

func TestArchRulesCanFail(t *testing.T) {
	silent, called := pkg("domain/silence"), pkg("register/helpers")
	silent.Doc = ""
	stdlib := pkg("sync")
	for _, c := range []struct {
		name       string
		complaints []string
		want       string
	}{
		{"merge imports a rule of the domain", againstDiagram([]goPackage{pkg("sync/merge", "doorstep/domain/region")}), "sync/merge imports domain/region"},
		{"policy imports the engine", againstDiagram([]goPackage{pkg("sync/policy", "doorstep/sync/engine")}), "sync/policy imports sync/engine"},
		{"the domain imports wire", againstDiagram([]goPackage{pkg("domain/access", "doorstep/sync/wire")}), "domain/access imports sync/wire"},
		{"the engine imports register", againstDiagram([]goPackage{pkg("sync/engine", "doorstep/register")}), "sync/engine imports register"},
		{"a room without a row", againstDiagram([]goPackage{pkg("attic")}), "attic is a room without a row"},
		{"the domain may import the domain", againstDiagram([]goPackage{pkg("domain/access", "doorstep/domain/region")}), ""},
		{"main may import hooks", againstDiagram([]goPackage{pkg(".", "doorstep/hooks")}), ""},
		{"photo knows PocketBase", againstFramework([]goPackage{pkg("photo", "github.com/pocketbase/pocketbase/core")}), "photo depends on github.com/pocketbase"},
		{"hooks may know PocketBase", againstFramework([]goPackage{pkg("hooks", "github.com/pocketbase/pocketbase/core")}), ""},
		{"the domain reads a file", againstImpureImports(pkg("domain/region", "os")), `imports "os"`},
		{"wire rolls dice", againstImpureImports(pkg("sync/wire", "math/rand/v2")), `imports "math/rand/v2"`},
		{"the engine may read files", againstImpureImports(pkg("sync/engine", "os")), ""},
		{"the product links a server of others", againstServers([]goPackage{pkg(".", "github.com/nats-io/nats-server/v2/server")}), "for tests only"},
		{"the product links their client", againstServers([]goPackage{pkg(".", "github.com/nats-io/nats.go")}), ""},
		{"no package comment", againstSilence([]goPackage{silent}), "no package comment"},
		{"a package called helpers", againstSilence([]goPackage{called}), "may hold anything"},
		{"a package called sync", againstSilence([]goPackage{stdlib}), "standard library's name"},
		{"the clock", impure(t, `import "time"; var t = time.Now()`), "reads the clock (time.Now)"},
		{"the clock under another name", impure(t, `import clock "time"; var t = clock.Now()`), "reads the clock (time.Now)"},
		{"the clock as a value", impure(t, `import "time"; var now = time.Now`), "reads the clock (time.Now)"},
		{"a request", impure(t, `import "net/http"; var _ = http.Get`), "uses http.Get"},
		{"a status number", impure(t, `import "net/http"; import "time"; var _, _ = http.StatusGone, time.Hour`), ""},
		{"sync imports vue", web("web/src/sync/a.ts", `import { ref } from 'vue'`), "imports vue"},
		{"sync imports a screen by a relative path", web("web/src/sync/a.ts", `import { x } from '../tablet/app'`), "imports ../tablet/app"},
		{"store imports a component late", web("web/src/store/a.ts", "const x = await import('@/console/lists/Row.vue')"), "imports @/console/lists/Row.vue"},
		{"crypto imports over several lines", web("web/src/crypto/a.ts", "import {\n  ref,\n  computed,\n} from 'vue'"), "imports vue"},
		{"crypto imports a store of screens", web("web/src/crypto/a.ts", `export * from "pinia"`), "imports pinia"},
		{"the tablet imports the console", web("web/src/tablet/A.vue", `import x from '@/console/i18n'`), "no tablet downloads"},
		{"the console imports vant", web("web/src/console/a.ts", `import 'vant/lib/index.css'`), "imports vant"},
		{"sync imports itself", web("web/src/sync/a.ts", "import Dexie from 'dexie'\nimport { x } from '@/store/meta'\nconst vue = 'vue'"), ""},
		{"the tablet imports vue", web("web/src/tablet/a.ts", `import { ref } from 'vue'`), ""},
		{"a Go test is skipped", againstSkipping([]source{{"a_test.go", "func f(t *testing.T) { t.Sk" + "ip() }"}}), "t.Sk" + "ip("},
		{"a scenario is switched off", againstSkipping([]source{{"a.mjs", "test('x', { skip: true }, f)"}}), "{ skip:"},
		{"a TypeScript test stands alone", againstSkipping([]source{{"a.test.ts", "it.on" + "ly('x', f)"}}), "it.on" + "ly"},
		{"a running test", againstSkipping([]source{{"a.test.ts", "it('skips nothing', f)"}}), ""},
		{"a lock file with addresses", againstRegistries([]source{{"package-lock.json", `"resolved": "https://example.test/x.tgz"`}}), "names a registry"},
		{"a mirror in a script", againstRegistries([]source{{"x.sh", "npm ci --registry=https://" + "registry.npm" + "mirror.com"}}), "names a registry"},
		{"a proxy", againstRegistries([]source{{"Makefile", "GOPROXY=https://" + "proxy.go" + "lang.org"}}), "names a registry"},
		{"a package makes a zone of its own", againstZones([]source{{"register/monitor.go", `var china = time.FixedZone("CST", 8*3600)`}}), "register/monitor.go makes a zone"},
		{"a test looks one up", againstZones([]source{{"hooks/a_test.go", `at, _ := time.LoadLocation("Asia/Shanghai")`}}), "makes a zone"},
		{"the zone is used", againstZones([]source{{"register/monitor.go", "e.Now().In(zone.China)"}, {"domain/zone/zone.go", `time.FixedZone("CST", 8*3600)`}}), ""},
		{"a module's name", againstRegistries([]source{{"go.mod", "golang.org/x/net v0.60.0"}}), ""},
	} {
		got := strings.Join(c.complaints, "\n")
		if c.want == "" && got != "" {
			t.Errorf("%s is lawful, but: %s", c.name, got)
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: want a complaint with %q, got %q", c.name, c.want, got)
		}
	}
}

func impure(t *testing.T, body string) []string {
	t.Helper()
	complaints, err := againstImpureNames("x.go", "x.go", "package x; "+body)
	if err != nil {
		t.Fatal(err)
	}
	return complaints
}

func web(path, text string) []string { return againstWebRules([]source{{path, text}}) }
