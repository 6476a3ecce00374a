package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestALicenceThatIsNotOnTheListOrMissingEndsTheRelease(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "licences.txt")
	if err := os.WriteFile(path, []byte("# allowed\nMIT\nISC\nread silent MIT\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	may, err := list(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		of   component
		want string
	}{
		{"on the list", component{Name: "a", Licenses: under([]string{"MIT"})}, ""},
		{"two, both on it", component{Name: "a", Licenses: under([]string{"MIT", "ISC"})}, ""},
		{"two, one not", component{Name: "a", Licenses: under([]string{"MIT", "AGPL-3.0"})}, "AGPL-3.0 is not on the list"},
		{"none", component{Name: "a"}, "no licence"},
		{"none, but read", component{Name: "silent"}, ""},
		{"read once, and changed since", component{Name: "silent", Licenses: under([]string{"GPL-3.0"})}, "GPL-3.0"},
	} {
		err := against([]component{c.of}, may)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// What a module's files say is read, not what somebody says about it.
func TestALicenceIsReadFromTheModulesOwnFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("README.md", "MIT")
	write("LICENSE.md", "All rights reserved.")
	if ids, err := licencesIn(dir); err != nil || len(ids) != 0 {
		t.Errorf("a text that is no licence: %v %v", ids, err)
	}
	write("LICENSE", "Copyright 2026 X\n\nPermission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.\n")
	if ids, err := licencesIn(dir); err != nil || len(ids) != 1 || ids[0] != "ISC" {
		t.Errorf("an ISC licence: %v %v", ids, err)
	}
}
