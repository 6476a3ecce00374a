package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"doorstep/config"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// What a server can be told is one table: a flag without a row could be set by no
// file, and stands in no manual.
func TestArchEveryFlagOfServeIsARowOfTheConfiguration(t *testing.T) {
	flags := serveCommand().Flags()
	flags.VisitAll(func(f *pflag.Flag) {
		if config.Find(f.Name) == nil {
			t.Errorf("serve --%s has no row in config/table.go: add one (name, kind, default, what for), and give the flag its default and words from there", f.Name)
		}
	})
	for i := range config.Keys {
		k := &config.Keys[i]
		switch f := flags.Lookup(k.Name); {
		case f == nil:
			t.Errorf("config/table.go has %q, and serve has no such flag", k.Name)
		case f.DefValue != k.Default || f.Value.String() != k.Default || f.Usage != k.For:
			t.Errorf("serve --%s: default %q (%q), the table says %q: config.Describe must come after the flag", k.Name, f.DefValue, f.Value, k.Default)
		}
	}
}

// The manual's list of keys is the table's; the message is what belongs into it.
func TestArchTheManualListsTheConfigurationAsItIs(t *testing.T) {
	manual, err := os.ReadFile("docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := config.Markdown(); !strings.Contains(string(manual), want) {
		t.Errorf("docs/operations.md must hold this table:\n%s", want)
	}
}

// What the bundle and the container are shipped with is a configuration that is taken.
func TestArchTheShippedConfigurationsAreTaken(t *testing.T) {
	container, err := os.ReadFile("deploy/Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	var environ []string
	for word := range strings.FieldsSeq(string(container)) {
		if strings.HasPrefix(word, config.Prefix) {
			environ = append(environ, word)
		}
	}
	if len(environ) == 0 {
		t.Error("the Containerfile sets nothing")
	}
	example, err := os.ReadFile("deploy/doorstep.toml")
	if err != nil {
		t.Fatal(err)
	}
	// With what it leaves to be chosen, too: a commented line that is wrong is copied as it is.
	chosen := filepath.Join(t.TempDir(), "doorstep.toml")
	cert := strings.NewReplacer("\nhttp = \"127", "\n# http = \"127", "1. 用本单位的证书：\n# http", "1. 用本单位的证书：\nhttp", "# cert", "cert", "# key", "key", "# backup", "backup").Replace(string(example))
	if err := os.WriteFile(chosen, []byte(cert), 0o600); err != nil {
		t.Fatal(err)
	}
	issued := filepath.Join(t.TempDir(), "doorstep.toml")
	acme := strings.NewReplacer("\nhttp = \"127", "\n# http = \"127", "# http = \"0.0.0.0:443\"\n# acme", "http = \"0.0.0.0:443\"\nacme", "# acme-terms", "acme-terms").Replace(string(example))
	if err := os.WriteFile(issued, []byte(acme), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]config.Sources{"Containerfile": {Environ: environ, Default: "/nonexistent"}, "doorstep.toml": {File: "deploy/doorstep.toml"}, "doorstep.toml, with a certificate": {File: chosen}, "doorstep.toml, with an authority": {File: issued}} {
		var told serving
		c := &cobra.Command{Use: "serve"}
		told.flags(c)
		if _, err := config.Apply(s, "serve", c.Flags()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := told.check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(name, "with") && !told.front().TLS() {
			t.Errorf("%s: nothing of it was chosen", name)
		}
	}
}

// A command that a manual tells to type is one that there is, with these flags.
func TestArchTheManualsCommandsAreThere(t *testing.T) {
	told := 0
	for _, manual := range []string{"docs/operations.md", "docs/operations.zh-CN.md", "docs/security.md"} {
		text, err := os.ReadFile(manual)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range commandLine.FindAllStringSubmatch(string(text), -1) {
			words := strings.Fields(match[1])
			c, _, err := rootCommand().Find(words)
			if err != nil || !c.HasParent() {
				t.Errorf("%s: doorstep %s: no such command", manual, match[1])
				continue
			}
			told++
			for _, flag := range words {
				name, isFlag := strings.CutPrefix(flag, "--")
				if name, _, _ = strings.Cut(name, "="); isFlag && c.Flags().Lookup(name) == nil && c.InheritedFlags().Lookup(name) == nil {
					t.Errorf("%s: doorstep %s has no --%s", manual, c.Name(), name)
				}
			}
		}
	}
	if told < 40 {
		t.Errorf("only %d commands were found in the manuals", told)
	}
}

// commandLine is a command line: from the program's name, that stands where commands do, to the
// end of what is to be typed.
var commandLine = regexp.MustCompile("(?m)(?:`|^ +|doorstep |sudo )(?:\\./)?doorstep ([a-z][^`#\n]*)")
