package sim

import (
	"fmt"
	"strings"
	"testing"

	"doorstep/sim/mutation"
)

var at = mutation.At

// mutations are known mistakes, one seam each: a simulation that does not catch them
// proves nothing.
var mutations = []mutation.Mutation{
	mutation.New("the watermark does not wait for the stream", []string{"union", "lost"},
		at("province/relay/drain.go", "	acked, err := f.sent.Wait(waiting)\n", "	_, _ = f.sent.Wait(waiting)\n	acked, err := len(f.messages), error(nil)\n")),
	mutation.New("a term begins without saying so", []string{"union", "refused"},
		at("province/relay/relay.go", "	if err := r.publishOne(ctx, begin); err != nil {\n		return w, err\n	}\n", "	_ = begin\n")),
	mutation.New("a restored county goes on in its old term", []string{"union", "terms"},
		at("province/relay/relay.go", "w.epoch == w.history && w.stream == stream", "w.stream == stream")),
	mutation.New("what the feed forgot is not missed", []string{"union", "lost"},
		at("province/relay/relay.go", "w.at.Seq >= floor &&", "floor >= 0 &&")),
	mutation.New("what a term did not speak of stays", []string{"union", "terms"},
		at("province/store/apply.go", "	DELETE FROM records WHERE county = $1 AND generation < $2\n	RETURNING household)", "	SELECT household FROM records WHERE county = $1 AND generation < $2)")),
	mutation.New("terms are ordered by their names", []string{"union", "terms", "rebuilt"},
		at("province/store/apply.go", "WHERE (records.generation, records.seq) < (excluded.generation, excluded.seq)", "WHERE (records.term, records.seq) < (excluded.term, excluded.seq)")),
	mutation.New("the stream's memory is all that keeps copies out", []string{"union", "terms", "rebuilt"},
		at("province/store/apply.go", "WHERE (records.generation, records.seq) < (excluded.generation, excluded.seq)", "WHERE true")),
	mutation.New("what is gone is forgotten", []string{"union", "lost"},
		at("province/store/apply.go", "	if _, err := a.tx.Exec(a.ctx, upsert); err != nil {\n		return err\n	}\n",
			"	if _, err := a.tx.Exec(a.ctx, upsert); err != nil {\n		return err\n	}\n	if _, err := a.tx.Exec(a.ctx, `DELETE FROM records WHERE gone`); err != nil {\n		return err\n	}\n")),
	mutation.New("the reader's place is committed before the rows", []string{"union", "lost"},
		at("province/store/apply.go", `	return pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		p, err := position(ctx, tx, partition)
`, `	before, err := s.Position(ctx, partition)
	if err != nil {
		return err
	}
	if _, err := s.Pool.Exec(ctx, "INSERT INTO positions (part, stream, base, at, moved) VALUES ($1, $2, $3, $4, now()) ON CONFLICT (part) DO UPDATE SET stream = excluded.stream, at = excluded.at",
		partition, stream, before.Base, list[len(list)-1].At); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		p, err := before, error(nil)
`)),
	mutation.New("a reader does not see that its store was restored", []string{"union", "lost", "refused"},
		at("province/store/apply.go", "		if p.At < after {\n", "		if p.At < after && false {\n")),
	mutation.New("a reader reads another stream from the middle", []string{"refused", "union"},
		at("province/consume/consume.go", "		if len(list) > 0 && b.by != reads {\n", "		if len(list) < 0 && b.by != reads {\n")),
	mutation.New("a finding has another name each time", []string{"once"},
		at("province/store/match.go", "sum := sha256.Sum256([]byte(strings.Join(", "sum := sha256.Sum256([]byte(time.Now().String() + strings.Join("),
		at("province/store/match.go", "	\"strings\"\n", "	\"strings\"\n	\"time\"\n")),
	mutation.New("who is looked at comes off the list before what is found is written", []string{"told", "warned"},
		at("province/store/find.go", "rows, err := tx.Query(ctx, `DELETE FROM looks", "rows, err := s.Pool.Query(ctx, `DELETE FROM looks")),
	mutation.New("nobody is looked at for a new day", []string{"told", "warned"},
		at("province/store/find.go", "WHERE c.type = 'categories' AND NOT c.gone AND (c.\"values\"->>'from' > $1", "WHERE false AND (c.\"values\"->>'from' > $1")),
	mutation.New("a finding is noted as sent before the stream has it", []string{"told", "warned"},
		at("province/consume/down.go", "	return sendDown(ctx, f.JS,", "	_ = f.Store.Sent(ctx, f.stream, finding.ID)\n	return sendDown(ctx, f.JS,")),
	mutation.New("what a lost stream had is not sent again", []string{"told", "warned"},
		at("province/consume/down.go", "	if stream == f.stream {\n", "	if f.stream = stream; stream != \"\" {\n")),
	mutation.New("a county's place moves before what was said is done", []string{"told", "warned", "handed"},
		at("province/relay/down.go", "	return r.Engine.Update(ctx, func(tx *engine.Tx) error {\n		if f != nil {\n", `	if err := r.Engine.Update(ctx, func(tx *engine.Tx) error {
		return tx.Exec("UPDATE province_relay SET down_stream = ?, down = ?", stream, meta.Sequence.Stream)
	}); err != nil {
		return err
	}
	return r.Engine.Update(ctx, func(tx *engine.Tx) error {
		if f != nil {
`)),
	mutation.New("a county closes a household when it offers it", []string{"handed", "lost"},
		at("register/handover.go", "		if err := d.sayOffer(tx, h); err != nil {\n			return err\n		}\n", `		if err := d.sayOffer(tx, h); err != nil {
			return err
		}
		if err := tx.Do(handoverDevice, []engine.Draft{{Type: "households", Record: h.Household, Kind: wire.KindPatch, Set: map[string]any{"state": "closed", "state_reason": "moved"}}}); err != nil {
			return err
		}
`)),
	mutation.New("a word is noted as passed on before the stream has it", []string{"handed"},
		at("province/consume/courier.go", "	return sendDown(ctx, c.JS,", "	_ = c.Store.Told(ctx, c.stream, w.Name)\n	return sendDown(ctx, c.JS,")),
	mutation.New("what is settled is taken in again, as another household", []string{"handed"},
		at("domain/handover/handover.go", "from == None || from == result || from == Kept:", "from == None || from == result && result != Accepted || from == Kept:"),
		at("register/handover_hear.go", "begins: w.Begins, into: w.Taken, goesOn", "begins: w.Begins, goesOn"),
		at("register/handover_take.go", "	sum := sha256.Sum256([]byte(handed + \"\\x00\" + theirs))\n", "	sum := sha256.Sum256([]byte(uuid.NewString() + theirs))\n")),
	mutation.New("the post notes what it said, and not what the stream has", []string{"handed"},
		at("province/relay/post.go", "		n, err := p.publish(ctx, words)\n", "		_, _ = p.publish(ctx, words)\n		n, err := len(words), error(nil)\n")),
	mutation.New("what is being taken back and was accepted is not closed", []string{"handed", "lost"},
		at("domain/handover/handover.go", "	case result == Accepted:\n		return Heard{To: Accepted, Gives: true", "	case result == Accepted && from != Withdrawing:\n		return Heard{To: Accepted, Gives: true")),
	mutation.New("a restored county is not told what it had decided", []string{"handed"},
		at("domain/handover/handover.go", "	case from == None || from == result || from == Kept:\n", "	case result != None:\n")),
	mutation.New("a household that was yielded is helped on", []string{"handed", "lost"},
		at("register/handover_settle.go", "	drafts, was, err := endCategories(tx, h.Household, in.Ends, only)\n", "	_, was, err := endCategories(tx, h.Household, in.Ends, only)\n		var drafts []engine.Draft\n")),
	mutation.New("one day is helped in both counties", []string{"handed", "lost"},
		at("register/handover_gone.go", "	last := daysBefore(h.Begins, 1)\n", "	last := h.Begins\n")),
}

// The seeds that each mutation may take until it is caught.
const mutationSeeds = 25

// Half an hour and more: with -mutations only.
func TestMutationsAreCaught(t *testing.T) {
	tried := mutations
	if !*flagMutations {
		tried = nil
	}
	table := ""
	for i, m := range tried {
		t.Run(m.Name, func(t *testing.T) {
			found, err := m.Run("../..", t.TempDir(), "-test.run", "^TestSeeds$", "-test.timeout", "0", "-stop", "-patience", "2m", "-rounds", "6",
				"-first", fmt.Sprint(1001+i*mutationSeeds), "-seeds", fmt.Sprint(mutationSeeds))
			if err != nil {
				t.Fatal(err)
			}
			line := fmt.Sprintf("%-70s %-24s seed %s, the %s", m.Name, strings.Join(found.Checkers, ", "), found.Seed, nth(found.Seed, 1000+i*mutationSeeds))
			t.Log(line)
			table += line + "\n"
			if !m.CaughtBy(found) {
				t.Errorf("not caught by any of %v in %d seeds, but by %v:\n%s", m.MustBe(), mutationSeeds, found.Checkers, found.Said)
			}
		})
	}
	t.Log("\n" + table)
}

// nth says which of a mutation's seeds one was.
func nth(seed string, before int) string {
	var n int
	if _, err := fmt.Sscan(seed, &n); err != nil {
		return "none"
	}
	return fmt.Sprint(n-before, ".")
}

// The places of all mutations are there: told at once, not after half an hour.
func TestMutationsHaveTheirPlaces(t *testing.T) {
	for _, m := range mutations {
		if _, err := m.Overlay("../..", t.TempDir()); err != nil {
			t.Error(err)
		}
	}
}
