package process

import (
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	upgrades = flag.Int("upgrades", 3, "how often a server is killed while it brings its database up to date")
	previous = flag.String("previous", "", "commits of earlier releases, commas between: their data are upgraded (make soak-upgrade)")
)

// kill -9 in mid-migration leaves the old database or the new one: never one that
// neither the program before nor this one opens, and nothing that was acknowledged is
// missing in the end.
func TestAnUpgradeThatIsKilledLeavesOldOrNew(t *testing.T) {
	r := rand.New(rand.NewPCG(replay(t, fmt.Sprintf("-upgrades=%d -previous=%s", *upgrades, *previous)), 4))
	t.Run("the first start of all", func(t *testing.T) { killedAtTheFirstStart(t, r) })
	for commit := range strings.SplitSeq(*previous, ",") {
		if commit != "" {
			t.Run("data of "+commit, func(t *testing.T) { killedInTheUpgrade(t, r, commit) })
		}
	}
}

// refusesNewer: a database of a later release is not opened by this one.
func refusesNewer(t *testing.T, s *server) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.dir, "data.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`INSERT INTO _migrations (file, applied) VALUES ('9999_of_a_later_release.go', 1)`)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(s.bin, "verify", "--dir", s.dir).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "9999_of_a_later_release.go") {
		t.Errorf("a later release's database: %v %s", err, out)
	}
}

// firstStart is about as long as one takes on a slow machine.
const firstStart = 1500 * time.Millisecond

// On one directory, again and again: what a cut start left must not hinder the next.
func killedAtTheFirstStart(t *testing.T, r *rand.Rand) {
	s := &server{t: t, bin: product(t), dir: t.TempDir(), addr: freePort(t), serve: []string{}}
	t.Cleanup(s.kill)
	var left []int
	for range *upgrades {
		s.startAndKill(time.Duration(r.Float64() * float64(firstStart)))
		left = append(left, ours(stepsOf(t, s.dir)))
	}
	s.start()
	report := s.verify()
	if !strings.HasPrefix(report, "哈希链完整") {
		t.Errorf("verify: %s", report)
	}
	whole := ours(stepsOf(t, s.dir))
	for _, n := range left {
		if n != 0 && n != whole {
			t.Errorf("half a database: %d of %d steps", n, whole)
		}
	}
	refusesNewer(t, s)
	t.Logf("%d kills within %v of a first start: of %d steps %v were there", *upgrades, firstStart, whole, left)
}

func killedInTheUpgrade(t *testing.T, r *rand.Rand, commit string) {
	before := release(t, commit)
	master := t.TempDir()
	s := newServerOn(t, before, master)
	tablets := newTablets(t, s)
	halt := busy(tablets, r)
	time.Sleep(time.Second)
	halt()
	for _, w := range tablets {
		w.settle(t, r)
	}
	count(t, tablets).clean(t, "on the release before")
	s.kill()
	old := stepsOf(t, master)

	s.bin, s.serve = product(t), []string{}
	s.dir = copied(t, master)
	began := time.Now()
	s.start()
	takes := time.Since(began)
	s.kill()
	whole := stepsOf(t, s.dir)
	if slices.Equal(old, whole) {
		t.Fatalf("%s has every step: nothing is upgraded", commit)
	}
	kills, asOld, sealing := 0, 0, 0
	for kills < *upgrades {
		s.dir = copied(t, master)
		for again := true; again && kills < *upgrades; again = r.IntN(3) == 0 {
			s.startAndKill(time.Duration(r.Float64() * 1.2 * float64(takes)))
			kills++
			switch left := stepsOf(t, s.dir); {
			case slices.Equal(left, old):
				asOld++
				if out, err := exec.Command(before, "verify", "--dir", copied(t, s.dir)).CombinedOutput(); err != nil {
					t.Fatalf("kill %d: the release before does not open what is as it was: %v %s", kills, err, out)
				}
			case !slices.Equal(left, whole):
				t.Fatalf("kill %d: half a database: %d steps, before %d, after %d", kills, len(left), len(old), len(whole))
			}
		}
		// What lies open is sealed after the upgrade, here as fast as it goes.
		seal := exec.Command(s.bin, "keys", "retire", "--dir", s.dir)
		if runAndKill(t, seal, time.Duration(r.Float64()*float64(takes))) {
			sealing++
		}
		if out, err := exec.Command(s.bin, "keys", "retire", "--dir", s.dir).CombinedOutput(); err != nil {
			t.Fatalf("sealing after a kill: %v %s", err, out)
		}
		s.start()
		count(t, signedIn(t, tablets)).clean(t, fmt.Sprintf("after kill %d", kills))
		report := s.verify()
		if !strings.HasPrefix(report, "哈希链完整") {
			t.Fatalf("verify: %s", report)
		}
	}
	t.Logf("%d kills within %.1f s of the start on data of %s: %d left the old database, %d the new one, none anything else; the sealing was cut %d times",
		kills, takes.Seconds()*1.2, commit, asOld, kills-asOld, sealing)
}

// release builds the program of an earlier commit.
func release(t *testing.T, commit string) string {
	t.Helper()
	dir := t.TempDir()
	top, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		t.Fatal(err)
	}
	archive, bin := filepath.Join(dir, "source.tar"), filepath.Join(dir, "doorstep-before")
	source := filepath.Join(dir, "source")
	if err := os.Mkdir(source, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		in   string
		line []string
	}{
		{strings.TrimSpace(string(top)), []string{"git", "archive", "-o", archive, commit}},
		{source, []string{"tar", "-x", "-f", archive}},
		{source, []string{"go", "build", "-buildvcs=false", "-o", bin, "."}},
	} {
		c := exec.Command(step.line[0], step.line[1:]...)
		c.Dir, c.Env = step.in, append(os.Environ(), "CGO_ENABLED=0")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", step.line, err, out)
		}
	}
	return bin
}

// startAndKill gives the program so long, and no longer.
func (s *server) startAndKill(after time.Duration) {
	s.t.Helper()
	runAndKill(s.t, exec.Command(s.bin, "serve", "--http", s.addr, "--dir", s.dir), after)
}

// runAndKill answers whether the program was killed before its own end.
func runAndKill(t *testing.T, c *exec.Cmd, after time.Duration) (killed bool) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatalf("%v ended by itself: %v", c.Args[1:], err)
		}
		return false
	case <-time.After(after):
		_ = c.Process.Kill()
		<-ended
		return true
	}
}

// copied is a directory as a power cut would leave it: the server must be down.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// stepsOf are the migrations that a database says are done; the look is at a copy, and
// demands that the file is whole. None without a database.
func stepsOf(t *testing.T, dir string) (steps []string) {
	t.Helper()
	at := filepath.Join(copied(t, dir), "data.db")
	if _, err := os.Stat(at); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	db, err := sql.Open("sqlite", at)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var sound string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&sound); err != nil || sound != "ok" {
		t.Fatalf("the database is damaged: %v %s", err, sound)
	}
	var there int
	if err := db.QueryRow(`SELECT count(*) FROM sqlite_master WHERE name = '_migrations'`).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if there == 0 {
		return nil
	}
	rows, err := db.Query(`SELECT file FROM _migrations ORDER BY file`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var file string
		if err := rows.Scan(&file); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, file)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

// ours counts the steps of this program's own; PocketBase's system tables come first,
// in a transaction of their own.
func ours(steps []string) (n int) {
	for _, file := range steps {
		if strings.HasPrefix(file, "0") {
			n++
		}
	}
	return n
}

// signedIn are the same tablets with tokens of the release that runs now.
func signedIn(t *testing.T, tablets []*tablet) (list []*tablet) {
	t.Helper()
	for _, w := range tablets {
		var in struct {
			Token string `json:"token"`
		}
		if err := call(http.DefaultClient, "POST", w.url+"/api/collections/users/auth-with-password", "", map[string]string{"identity": w.name + "@demo.test", "password": password}, &in); err != nil {
			t.Fatal(err)
		}
		now := *w
		now.token = in.Token
		list = append(list, &now)
	}
	return list
}
