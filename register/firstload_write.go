package register

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
	"doorstep/tables"

	"github.com/go-json-experiment/json"
)

const loadDevice = "import:firstload"

// write goes through the file again, and writes it in transactions of loadRows. If one
// fails, what was written before is taken back.
func (l *loading) write(ctx context.Context) error {
	if err := l.c.beginLoad(ctx, l.by, "", l.kind.code, l.in, &l.report, &l.batch); err != nil {
		return err
	}
	var chunk []loadRow
	err := l.each(func(r loadRow, faults []tables.Fault) error {
		if len(faults) > 0 || l.leftOut(r) {
			return nil
		}
		if chunk = append(chunk, r); len(chunk) < loadRows {
			return nil
		}
		rows := chunk
		chunk = nil
		return l.take(ctx, rows)
	})
	if err == nil {
		err = l.take(ctx, chunk)
	}
	l.report.State, l.batch.State = "done", "done"
	if err != nil {
		l.report.State, l.report.Error, l.batch.State, l.batch.Error = "failed", unexpected, "withdrawing", unexpected
	}
	l.batch.Counts, l.batch.Share, l.batch.Finished = l.report.Created, 1, wire.Format(l.c.Engine.Now())
	if e := l.c.Engine.Update(ctx, func(tx *engine.Tx) error { return l.batch.update(tx) }); e != nil {
		return e
	}
	if err != nil {
		if _, e := l.c.takeBack(ctx, &l.batch); e != nil {
			return e
		}
	}
	return err
}

// leftOut: a row of a household that is not well, or of a person who is not there.
func (l *loading) leftOut(r loadRow) bool {
	home := l.homes[homeKey(r)]
	return l.kind.code == "people" && (home == nil || home.bad)
}

// planned is the drafts of a chunk.
type planned struct {
	tx     *engine.Tx
	drafts []engine.Draft
}

func (p *planned) create(typ string, set map[string]any) string {
	id := p.tx.NewID()
	p.drafts = append(p.drafts, engine.Draft{Type: typ, Record: id, Kind: wire.KindCreate, Set: set})
	return id
}

// take writes a chunk: all of it or nothing.
func (l *loading) take(ctx context.Context, rows []loadRow) error {
	if len(rows) == 0 {
		return nil
	}
	return l.c.Engine.Update(ctx, func(tx *engine.Tx) error {
		p := &planned{tx: tx}
		made := map[string]string{} // member created in this chunk, by number: the register does not have it yet
		for _, r := range rows {
			var err error
			if l.kind.code == "assistance" {
				err = l.planAssistance(ctx, p, r)
			} else {
				err = l.planPerson(ctx, p, made, r)
			}
			if err != nil {
				return err
			}
		}
		if err := tx.Do(loadDevice, p.drafts); err != nil {
			return err
		}
		for _, d := range p.drafts {
			if d.Kind == wire.KindCreate {
				l.report.Created[d.Type]++
			} else {
				l.report.Filled += len(d.Set)
			}
			l.n++
			if err := tx.Exec(`INSERT INTO firstload_writes (batch, n, type, record, kind, "values", was) VALUES (?, ?, ?, ?, ?, ?, '')`, l.batch.ID, l.n, d.Type, d.Record, d.Kind, encode(slices.Sorted(maps.Keys(d.Set)))); err != nil {
				return err
			}
		}
		return nil
	})
}

// planPerson: the household, if it is not there; the member, likewise; the category.
func (l *loading) planPerson(ctx context.Context, p *planned, made map[string]string, r loadRow) error {
	home := l.homes[homeKey(r)]
	number := r.text("members.id_number")
	at, member, err := "", made[number], error(nil)
	if number != "" && member == "" {
		if at, member, err = l.c.memberBy(ctx, number); err != nil {
			return err
		}
	}
	if home.id == "" {
		if home.id, err = l.homeOf(ctx, r); err != nil {
			return err
		}
		if home.id == "" {
			home.id = at // a member of it is there already
		}
	}
	if home.id == "" {
		home.id = p.create("households", r.of("households"))
	} else if err := l.fill(p, "households", home.id, r.of("households")); err != nil {
		return err
	}
	set := r.of("members")
	if set["id_kind"] == nil && number != "" {
		set["id_kind"] = "resident"
	}
	if member == "" && number == "" {
		if member, err = namesake(p.tx, home.id, r); err != nil {
			return err
		}
	}
	if member == "" {
		set["household"] = home.id
		if number != "" {
			made[number] = p.create("members", set)
		} else {
			p.create("members", set)
		}
	} else if err := l.fill(p, "members", member, set); err != nil {
		return err
	}
	return l.planCategory(p, home.id, r)
}

// namesake is the member of a household without a number: name and birth date say it.
func namesake(tx *engine.Tx, household string, r loadRow) (string, error) {
	list, err := tx.Records("members", household)
	for _, m := range list {
		if m.Text("name") == r.text("members.name") && m.Text("birth_date") == r.text("members.birth_date") {
			return m.ID(), err
		}
	}
	return "", err
}

// homeOf finds the household of a row in the register.
func (l *loading) homeOf(ctx context.Context, r loadRow) (string, error) {
	if home, err := l.c.homeBy(ctx, r.text("households.number")); home != "" || err != nil {
		return home, err
	}
	if head := r.text(".head_id"); head != "" {
		home, _, err := l.c.memberBy(ctx, head)
		return home, err
	}
	return "", nil
}

// planCategory: every row of a household says the same; it is written once.
func (l *loading) planCategory(p *planned, household string, r loadRow) error {
	set := r.of("categories")
	if set["category"] == nil {
		return nil
	}
	if set["from"] == nil {
		set["from"] = p.tx.Today()
	}
	for _, d := range p.drafts {
		if d.Type == "categories" && d.Set["household"] == household && d.Set["category"] == set["category"] {
			return nil
		}
	}
	held, err := p.tx.Records("categories", household)
	if err != nil {
		return err
	}
	for _, c := range held {
		if c.Text("category") == set["category"] && c.Text("member") == "" && c.Text("to") == textOf(set["to"]) {
			return nil
		}
	}
	set["household"] = household
	p.create("categories", set)
	return nil
}

func textOf(v any) string {
	s, _ := v.(string)
	return s
}

// planAssistance: the same item of the same day to the same person is the same.
func (l *loading) planAssistance(ctx context.Context, p *planned, r loadRow) error {
	home, member, err := l.personOf(ctx, r)
	if err != nil || home == "" {
		return err
	}
	set := r.of("assistance")
	if _, code := l.foreign(r); code != "" {
		return nil
	}
	if l.own != "" {
		set["department"] = l.own
	}
	if set["state"] == nil {
		set["state"] = "given"
	}
	set["household"], set["member"] = home, member
	same := func(item, to, on, period any) bool {
		return item == set["item"] && to == member && on == textOf(set["given_on"]) && period == textOf(set["period"])
	}
	given, err := p.tx.Records("assistance", home)
	if err != nil {
		return err
	}
	for _, g := range given {
		if same(g.Text("item"), g.Text("member"), g.Text("given_on"), g.Text("period")) {
			return nil
		}
	}
	for _, d := range p.drafts {
		if d.Type == "assistance" && d.Set["household"] == home && same(d.Set["item"], d.Set["member"], textOf(d.Set["given_on"]), textOf(d.Set["period"])) {
			return nil
		}
	}
	p.create("assistance", set)
	return nil
}

// fill sets what the register does not know. What it knows otherwise stays: an export
// may be older than a visit.
func (l *loading) fill(p *planned, typ, id string, said map[string]any) error {
	if slices.ContainsFunc(p.drafts, func(d engine.Draft) bool { return d.Record == id }) {
		return nil // made by a row of this chunk
	}
	rec, ok, err := p.tx.Record(typ, id)
	if err != nil || !ok {
		return err
	}
	set := map[string]any{}
	for field, v := range said {
		switch have := rec.Value(field); {
		case have == nil || have == "":
			set[field] = v
		case !sameValue(have, v):
			l.report.Differs++
		}
	}
	delete(set, "number") // it never changes once the household is there
	if len(set) > 0 {
		p.drafts = append(p.drafts, engine.Draft{Type: typ, Record: id, Kind: wire.KindPatch, Set: set})
	}
	return nil
}

// sameValue compares as JSON does: a list that was read back is another Go value.
func sameValue(a, b any) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	x, err := json.Marshal(a, json.Deterministic(true))
	y, err2 := json.Marshal(b, json.Deterministic(true))
	return err == nil && err2 == nil && string(x) == string(y)
}
