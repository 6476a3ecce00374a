package sim

import (
	"fmt"
	"strings"
	"testing"

	"doorstep/sim/mutation"
)

var at = mutation.At

// mutations are known mistakes: a simulator that does not catch them proves nothing.
var mutations = []mutation.Mutation{
	mutation.New("the sequence is taken before the lock", []string{"follower", "converged", "verify"},
		at("sync/engine/writer.go", "	weight int // about how many ops it is\n", "	weight int // about how many ops it is\n	first  int64\n"),
		at("sync/engine/writer.go", "	if e.cfg.Fault != nil {\n		if err := e.cfg.Fault(\"queue\")",
			"	first := e.early.Add(200) - 200\n	if e.cfg.Fault != nil {\n		if err := e.cfg.Fault(\"queue\")"),
		at("sync/engine/writer.go", "weight: weight, done:", "weight: weight, first: first, done:"),
		at("sync/engine/writer.go", "		if len(jobs) == 1 { // alone", "		high := tx.status.Seq\n		if j.first > 0 {\n			tx.status.Seq = j.first\n		}\n		if len(jobs) == 1 { // alone"),
		at("sync/engine/writer.go", "		if isDisk(j.err) {\n			return", "		if tx.status.Seq == j.first || tx.status.Seq < high {\n			tx.status.Seq = high\n		}\n		if isDisk(j.err) {\n			return"),
		at("sync/engine/engine.go", "	latch  atomic.Bool", "	early  atomic.Int64\n	latch  atomic.Bool"),
		// Without the chain's look at its tail at each start, which would tell at once.
		at("sync/engine/engine.go", "return e.verifyTail()", "return nil"),
		at("sync/engine/engine.go", "	e.status.Store(s)\n", "	e.status.Store(s)\n	e.early.Store(s.Seq)\n"),
	),
	mutation.New("a device never clashes with itself", []string{"review"},
		at("sync/merge/version.go", "return v.Other <= op.Base", "return true"),
	),
	mutation.New("no leave is sent", []string{"converged"},
		at("sync/engine/emit.go", "	if err != nil || visible {\n		return err\n	}\n	kind :=", "	if err != nil || visible || r.kind != wire.ChangeTombstone {\n		return err\n	}\n	kind :="),
	),
	mutation.New("the answer does not wait for the commit", []string{"acknowledged", "outcomes", "lost", "repeat"},
		at("sync/engine/writer.go", "	if err := e.commit(sqlTx, len(jobs)); err != nil {\n		return e.diskError(err)\n	}", "	if err := e.commit(sqlTx, len(jobs)); err != nil {\n		return nil\n	}"),
	),
	mutation.New("a pull's mark is its last row", []string{"mark"},
		at("sync/engine/page.go", "p.cursor.At = position{Seq: max(status.Seq, p.cursor.At.Seq), Record: atEnd}",
			"if took > 0 {\n				p.cursor.At = position{rows[took-1].seq, rows[took-1].record}\n			}"),
	),
	// What a reviewer would try next: from here on only with -mutations.
	mutation.New("a union forgets what was taken away", []string{"lists"},
		at("sync/merge/union.go", "return minus(plus(current, minus(set, keys(was))), keys(minus(was, keys(set))))", "return plus(current, minus(set, keys(was)))"),
	),
	mutation.New("a review field is overwritten without a case", []string{"review"},
		at("sync/merge/review.go", "c.passedOver() || c.startedElsewhere()", "false"),
	),
	mutation.New("a pull asks for the town, not for the village", []string{"scope"},
		at("sync/engine/feed.go", "query = feedColumns + `WHERE area = ? AND", "query = feedColumns + `WHERE substr(area, 1, 9) = substr(?, 1, 9) AND"),
	),
	mutation.New("an edit sent again takes effect again", []string{"repeat"},
		at("sync/engine/push.go", "	if op.N < d.nextN {\n", `	if op.N < d.nextN {
		c := &change{actor: &actor{author: by, uploader: by, device: d}, tx: tx, op: op}
		c.seq = tx.next()
		c.logged = c.seq
		if err := c.decide(); err != nil {
			return true, err
		}
`),
	),
	mutation.New("a base inside a restore's gap counts as it is", []string{"review", "replay"},
		at("sync/engine/change.go", "			base = gaps[i].From\n", "			base = c.op.Base\n"),
	),
	mutation.New("durable_seq runs ahead of the backup", []string{"durable"},
		at("sim/backup.go", "durable_seq = ? WHERE id = 1`, seq)", "durable_seq = ? WHERE id = 1`, seq+40)"),
	),
	// Two that the simulator found in the engine itself.
	mutation.New("a review brings a deleted record back", []string{"converged", "feed"},
		at("sync/engine/location.go", "	if r.deleted != 0 {\n		return nil\n	}\n	at := r.shown()", "	at := r.shown()"),
	),
	mutation.New("held edits are logged before what frees them", []string{"verify", "starts", "numbers"}, // a broken chain looks like another history: a restore is found that there was not
		at("sync/engine/held.go", "{ tx.due = append(tx.due, record) }", "{ _ = tx.retryFor(record) }"),
	),
	// Restores upon restores, photos and older apps.
	mutation.New("a restore raises the counter from its backup alone", []string{"numbers", "review", "replay"},
		at("sync/engine/restore.go", "to := max(found, used) + restoreGap", "to := found + restoreGap"),
	),
	mutation.New("a picture is not held against its hash", []string{"photos"},
		at("sync/uploads/finish.go", "if sum != e.Meta.SHA256 {", "if sum == \"\" {"),
	),
	mutation.New("an older form's edit is read by today's names", []string{"forms"},
		at("sync/engine/schema.go", "op.Schema == 0 || op.Schema >= s.Current || op.Bad != nil", "true"),
	),
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
		t.Run(m.Name, func(t *testing.T) {
			found, err := m.Run("..", t.TempDir(), "-test.run", "^TestSeeds$", "-stop", "-first", fmt.Sprint(1+i*mutationSeeds), "-seeds", fmt.Sprint(mutationSeeds))
			if err != nil {
				t.Fatal(err)
			}
			table += fmt.Sprintf("%-42s %-24s %s\n", m.Name, strings.Join(found.Checkers, ", "), found.Seed)
			if !m.CaughtBy(found) {
				t.Errorf("not caught by any of %v in %d seeds, but by %v:\n%s", m.MustBe(), mutationSeeds, found.Checkers, found.Said)
			}
		})
	}
	t.Log("\n" + table)
}

// The places of all mutations are there: told at once, not after ten minutes.
func TestMutationsHaveTheirPlaces(t *testing.T) {
	for _, m := range mutations {
		if _, err := m.Overlay("..", t.TempDir()); err != nil {
			t.Error(err)
		}
	}
}
