package process

import (
	"database/sql"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A log that was changed behind the engine's back: `verify` names the line and
// fails, and neither a start nor a backup goes past it.
func TestAChangedLogIsNamedAndNothingGoesPastIt(t *testing.T) {
	s := newServer(t)
	s.kill()
	if out, err := exec.Command(s.bin, "verify", "--dir", s.dir).CombinedOutput(); err != nil || !strings.Contains(string(out), "哈希链完整") {
		t.Fatalf("untouched: %v %s", err, out)
	}
	db, err := sql.Open("sqlite", filepath.Join(s.dir, "data.db"))
	if err != nil {
		t.Fatal(err)
	}
	var seq string
	if err := db.QueryRow(`UPDATE sync_ops SET author = 'somebody' WHERE seq = (SELECT max(seq) - 5 FROM sync_ops) RETURNING seq`).Scan(&seq); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, args := range [][]string{{"verify"}, {"serve", "--http", s.addr}, {"backup", "--to", folder, "--same-volume"}} {
		out, err := exec.Command(s.bin, append(args, "--dir", s.dir)...).CombinedOutput()
		if text := string(out); err == nil || !strings.Contains(text, "断链") || !strings.Contains(text, seq) {
			t.Fatalf("%s: %v %s", args[0], err, text)
		}
	}
	if left, err := filepath.Glob(filepath.Join(folder, "*", "manifest.json")); err != nil || len(left) != 0 {
		t.Fatalf("a backup of it is kept: %v %v", left, err)
	}
}
