package sim

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// mutation is a known mistake, put back into a copy of the source: a simulator
// that does not catch it proves nothing.
type mutation struct {
	name    string
	changes []change
	mustBe  []string // at least one of these checkers catches it
}

type change struct{ file, old, new string }

var mutations = []mutation{
	{"the sequence is taken before the lock", []change{
		{"sync/engine/writer.go", "	weight int // about how many ops it is\n", "	weight int // about how many ops it is\n	first  int64\n"},
		{"sync/engine/writer.go", "	if e.cfg.Fault != nil {\n		if err := e.cfg.Fault(\"queue\")",
			"	first := e.early.Add(200) - 200\n	if e.cfg.Fault != nil {\n		if err := e.cfg.Fault(\"queue\")"},
		{"sync/engine/writer.go", "weight: weight, done:", "weight: weight, first: first, done:"},
		{"sync/engine/writer.go", "		if len(jobs) == 1 { // alone", "		high := tx.status.Seq\n		if j.first > 0 {\n			tx.status.Seq = j.first\n		}\n		if len(jobs) == 1 { // alone"},
		{"sync/engine/writer.go", "		if isDisk(j.err) {\n			return", "		if tx.status.Seq == j.first || tx.status.Seq < high {\n			tx.status.Seq = high\n		}\n		if isDisk(j.err) {\n			return"},
		{"sync/engine/engine.go", "	latch  atomic.Bool", "	early  atomic.Int64\n	latch  atomic.Bool"},
		// Without the chain's look at its tail at each start, which would tell at once.
		{"sync/engine/engine.go", "return e.verifyTail()", "return nil"},
		{"sync/engine/engine.go", "	e.status.Store(s)\n", "	e.status.Store(s)\n	e.early.Store(s.Seq)\n"},
	}, []string{"follower", "converged", "verify"}},
	{"a device never clashes with itself", []change{
		{"sync/merge/version.go", "return v.Other <= op.Base", "return true"},
	}, []string{"review"}},
	{"no leave is sent", []change{
		{"sync/engine/emit.go", "	if err != nil || visible {\n		return err\n	}\n	kind :=", "	if err != nil || visible || r.kind != wire.ChangeTombstone {\n		return err\n	}\n	kind :="},
	}, []string{"converged"}},
	{"the answer does not wait for the commit", []change{
		{"sync/engine/writer.go", "	if err := e.commit(sqlTx, len(jobs)); err != nil {\n		return e.diskError(err)\n	}", "	if err := e.commit(sqlTx, len(jobs)); err != nil {\n		return nil\n	}"},
	}, []string{"acknowledged", "outcomes", "lost", "repeat"}},
	{"a pull's mark is its last row", []change{
		{"sync/engine/page.go", "p.cursor.At = position{Seq: max(status.Seq, p.cursor.At.Seq), Record: atEnd}",
			"if took > 0 {\n				p.cursor.At = position{rows[took-1].seq, rows[took-1].record}\n			}"},
	}, []string{"mark"}},
	// What a reviewer would try next: from here on only with -mutations.
	{"a union forgets what was taken away", []change{
		{"sync/merge/union.go", "return minus(plus(current, minus(set, keys(was))), keys(minus(was, keys(set))))", "return plus(current, minus(set, keys(was)))"},
	}, []string{"lists"}},
	{"a review field is overwritten without a case", []change{
		{"sync/merge/review.go", "c.passedOver() || c.startedElsewhere()", "false"},
	}, []string{"review"}},
	{"a pull asks for the town, not for the village", []change{
		{"sync/engine/feed.go", "query = feedColumns + `WHERE area = ? AND", "query = feedColumns + `WHERE substr(area, 1, 9) = substr(?, 1, 9) AND"},
	}, []string{"scope"}},
	{"an edit sent again takes effect again", []change{
		{"sync/engine/push.go", "	if op.N < d.nextN {\n", `	if op.N < d.nextN {
		c := &change{actor: &actor{author: by, uploader: by, device: d}, tx: tx, op: op}
		c.seq = tx.next()
		c.logged = c.seq
		if err := c.decide(); err != nil {
			return true, err
		}
`},
	}, []string{"repeat"}},
	{"a base inside a restore's gap counts as it is", []change{
		{"sync/engine/change.go", "			base = gaps[i].From\n", "			base = c.op.Base\n"},
	}, []string{"review", "replay"}},
	{"durable_seq runs ahead of the backup", []change{
		{"sim/backup.go", "durable_seq = ? WHERE id = 1`, seq)", "durable_seq = ? WHERE id = 1`, seq+40)"},
	}, []string{"durable"}},
	// Two that the simulator found in the engine itself.
	{"a review brings a deleted record back", []change{
		{"sync/engine/location.go", "	if r.deleted != 0 {\n		return nil\n	}\n	at := r.shown()", "	at := r.shown()"},
	}, []string{"converged", "feed"}},
	{"held edits are logged before what frees them", []change{
		{"sync/engine/held.go", "{ tx.due = append(tx.due, record) }", "{ _ = tx.retryFor(record) }"},
	}, []string{"verify", "starts", "numbers"}}, // a broken chain looks like another history: a restore is found that there was not
	// Restores upon restores, photos and older apps.
	{"a restore raises the counter from its backup alone", []change{
		{"sync/engine/restore.go", "to := max(found, used) + restoreGap", "to := found + restoreGap"},
	}, []string{"numbers", "review", "replay"}},
	{"a picture is not held against its hash", []change{
		{"sync/uploads/finish.go", "if sum != e.Meta.SHA256 {", "if sum == \"\" {"},
	}, []string{"photos"}},
	{"an older form's edit is read by today's names", []change{
		{"sync/engine/schema.go", "op.Schema == 0 || op.Schema >= s.Current || op.Bad != nil", "true"},
	}, []string{"forms"}},
}

// The seeds that each mutation may take until it is caught.
const mutationSeeds = 40

func TestMutationsAreCaught(t *testing.T) {
	tried := mutations[:5]
	if *flagMutations {
		tried = mutations
	}
	table := fmt.Sprintf("%-42s %-24s %s\n", "mutation", "caught by", "seed")
	for i, m := range tried {
		t.Run(m.name, func(t *testing.T) {
			checkers, seed := m.run(t, i)
			table += fmt.Sprintf("%-42s %-24s %s\n", m.name, strings.Join(checkers, ", "), seed)
			if !slices.ContainsFunc(checkers, func(c string) bool { return slices.Contains(m.mustBe, c) }) {
				t.Errorf("not caught by any of %v in %d seeds, but by %v", m.mustBe, mutationSeeds, checkers)
			}
		})
	}
	t.Log("\n" + table)
}

// The places of all mutations are there: told at once, not after ten minutes.
func TestMutationsHaveTheirPlaces(t *testing.T) {
	for _, m := range mutations {
		m.overlay(t, t.TempDir())
	}
}

var (
	failedSeed    = regexp.MustCompile(`seed (\d+):`)
	failedChecker = regexp.MustCompile(`(?m)^\s+([a-z]+): `)
)

// run builds this package over the mutated source and lets it look for a seed.
func (m mutation) run(t *testing.T, i int) (checkers []string, seed string) {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "sim.test")
	build := exec.Command("go", "test", "-c", "-overlay", m.overlay(t, dir), "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("mutation %q does not build: %v\n%s", m.name, err, out)
	}
	out, err := exec.Command(binary, "-test.run", "^TestSeeds$", "-stop", "-first", fmt.Sprint(1+i*mutationSeeds), "-seeds", fmt.Sprint(mutationSeeds)).CombinedOutput()
	if err == nil {
		return nil, "none"
	}
	found := failedSeed.FindSubmatchIndex(out)
	if found == nil {
		t.Fatalf("mutation %q: %v\n%s", m.name, err, out)
	}
	rest := out[found[1]:]
	if next := failedSeed.FindIndex(rest); next != nil {
		rest = rest[:next[0]]
	}
	for _, c := range failedChecker.FindAllSubmatch(rest, -1) {
		if name := string(c[1]); name != "again" && !slices.Contains(checkers, name) {
			checkers = append(checkers, name)
		}
	}
	return checkers, string(out[found[2]:found[3]])
}

// overlay writes the mutated files and the list that puts them in the place of
// the real ones.
func (m mutation) overlay(t *testing.T, dir string) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, c := range m.changes {
		if texts[c.file] == "" {
			b, err := os.ReadFile(filepath.Join(root, c.file))
			if err != nil {
				t.Fatal(err)
			}
			texts[c.file] = string(b)
		}
		if strings.Count(texts[c.file], c.old) != 1 {
			t.Fatalf("mutation %q: the place %q is not once in %s any more: say it anew", m.name, c.old, c.file)
		}
		texts[c.file] = strings.Replace(texts[c.file], c.old, c.new, 1)
	}
	list := map[string]map[string]string{"Replace": {}}
	for file, text := range texts {
		to := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		list["Replace"][filepath.Join(root, file)] = to
	}
	b, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
