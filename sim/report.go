package sim

import (
	"errors"
	"slices"
	"strings"
	"time"

	"doorstep/sync/wire"
)

const millisecond = time.Millisecond

// report makes a new record: a visit, a change of status, a person, a family, a
// picture; sometimes for a household that is not there or not one's own.
func (t *tablet) report() {
	w := t.w
	home := t.household()
	if home == "" {
		return
	}
	w.now = w.now.Add(millisecond)
	id := uuidV7(t.now(), w.rng)
	create := func(typ string, set map[string]any) {
		t.save(&op{typ: typ, record: id, kind: wire.KindCreate, set: set})
	}
	switch w.rng.IntN(6) {
	case 0, 1:
		create("visits", map[string]any{"household": home, "kind": "routine", "visited_on": w.date(), "conclusion": "见" + w.token("visits", id)})
	case 2:
		create("status_changes", map[string]any{"household": home, "kind": "job_lost", "happened_on": w.date(), "amount": w.money(), "detail": "变" + w.token("status_changes", id)})
	case 3:
		create("members", map[string]any{"household": home, "name": "人" + w.token("members", id), "birth_date": w.date(), "health": "healthy"})
	case 4:
		village := officeOf(t.account)
		if len(village) != 12 {
			return
		}
		create("households", map[string]any{"region": village, "head_name": "户" + w.token("households", id), "phone": w.phone(), "monthly_income": w.money()})
	case 5:
		p := newPicture(id)
		create("photos", map[string]any{"owner_type": "households", "owner": home, "sha256": p.sha, "bytes": float64(len(p.bytes)), "caption": "影" + w.token("photos", id)})
		if !w.strikes(w.faults.Drop) { // else the picture is lost before it is sent
			t.s.photos = append(t.s.photos, p)
		}
	}
}

// household is one that the tablet shows, or by mistake any other.
func (t *tablet) household() string {
	var ids []string
	for id, h := range t.s.base {
		if h.typ == "households" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	if t.w.strikes(t.w.faults.Stranger) {
		if id := t.w.text(`SELECT id FROM households ORDER BY substr(id, 25) LIMIT 1`); id != "" && t.w.chance(0.7) {
			return id
		}
		return uuidV7(t.now(), t.w.rng)
	}
	if len(ids) == 0 {
		return ""
	}
	return pick(t.w, ids)
}

// poison is what a broken or hostile client sends: it must be refused alone.
func (t *tablet) poison() {
	w := t.w
	f, ok := t.open()
	if !ok {
		return
	}
	o := &op{typ: f.typ, record: f.record, kind: wire.KindPatch, base: f.base, set: map[string]any{"phone": "x"}, poison: true}
	kinds := 10
	if t.w.golden {
		kinds = 9 // which keeps the traces' stories
	}
	if t.golden != nil {
		kinds = 8 // the client mends half a character before it stores it
	}
	switch w.rng.IntN(kinds) {
	case 0:
		o.typ = "ghosts"
	case 1:
		o.set = map[string]any{"no_such_field": 1.0}
	case 2:
		o.kind = "frobnicate"
	case 3:
		o.set = map[string]any{"phone": strings.Repeat("长", 5000)}
	case 4:
		o.kind, o.base = wire.KindCreate, 0
		o.set = map[string]any{"head_name": "占", "region": villageA, "household": f.record, "name": "占"}
	case 5:
		o.base = -7
	case 6:
		o.kind = wire.KindDelete
	case 7:
		o.set = nil
	case 9:
		o.set = map[string]any{"monthly_income": "many"}
	case 8:
		o.set = map[string]any{"phone": w.phone(), "broken": "BROKEN"}
	}
	t.save(o)
	if _, broken := o.set["broken"]; broken { // half a character, as a length limit leaves it
		o.body = []byte(strings.Replace(string(o.body), "BROKEN", `\ud83d`, 1))
	}
}

// outcomeText is an answer in the story: nothing in it may be random.
func outcomeText(answer any, err error) string {
	if err != nil {
		var coded *wire.Error
		if errors.As(err, &coded) {
			return string(coded.Code) + " " + coded.Field
		}
		return err.Error()
	}
	var b strings.Builder
	switch a := answer.(type) {
	case *pushAnswer:
		for _, r := range a.Results {
			writeResult(&b, r)
		}
		writeInts(&b, "next", a.NextN)
	case *page:
		for _, c := range a.Changes {
			b.WriteString(c.Kind + " " + c.ID[24:] + " ")
		}
		for _, r := range a.Results {
			b.WriteString("news ")
			writeResult(&b, r)
		}
		writeInts(&b, "durable", a.DurableSeq)
		if a.More {
			b.WriteString(" more")
		}
	case *uploadAnswer:
		return a.String()
	default:
		return "done"
	}
	return b.String()
}
