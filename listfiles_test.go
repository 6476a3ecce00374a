package main

import (
	"testing"

	"doorstep/hooks"
)

// Whoever adds a list adds what it looks like as a file; it runs with the architecture's
// tests, before a change goes in.
func TestArchEveryListCanBeHadAsAFile(t *testing.T) {
	for _, path := range hooks.ListsWithoutFile() {
		t.Errorf("%s is a list without a file: give it a row in register/listfile_table.go (its columns), or a reason in hooks/listfiles_reasons.go", path)
	}
}
