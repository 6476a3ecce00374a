package main

import (
	"os"
	"strings"
	"testing"

	"doorstep/config"

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
