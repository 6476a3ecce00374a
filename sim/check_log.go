package sim

import (
	"bytes"

	"doorstep/sync/wire"
)

var allOutcomes = map[string]bool{"applied": true, "merged": true, "conflict": true, "rejected": true, "lost": true, "held": true}

// checkOutcomes: "Every accepted op ends in exactly one outcome. A rejected, held
// or overruled edit stays readable on the server (its body, its author, the
// reason)" (§2.3).
func (w *World) checkOutcomes() {
	type line struct {
		seq                        int64
		id, outcome, final, author string
		body                       string
		stored, digest             []byte
		kept, archive              int64
	}
	var lines []line
	packed := w.packed()
	w.rows(func(scan func(...any) error) error {
		var l line
		err := scan(&l.seq, &l.id, &l.outcome, &l.final, &l.stored, &l.author, &l.digest, &l.archive, &l.kept)
		l.body = w.body(l.seq, l.archive, l.stored, packed)
		lines = append(lines, l)
		return err
	}, `SELECT o.seq, o.id, o.outcome, o.final, o.body, o.author, o.digest, o.archive, (SELECT count(*) FROM sync_kept k WHERE k.op = o.seq) FROM sync_ops o ORDER BY o.seq`)
	for _, l := range lines {
		sum, err := wire.Digest([]byte(l.body))
		switch {
		case !allOutcomes[l.outcome]:
			w.fail("outcomes", "op %s at %d has outcome %q", l.id, l.seq, l.outcome)
		case err != nil || !bytes.Equal(sum[:], l.digest) || l.author == "":
			w.fail("outcomes", "op %s at %d is not readable: %v", l.id, l.seq, err)
		case (l.outcome == "held" || l.outcome == "rejected") && l.kept != 1:
			w.fail("outcomes", "op %s at %d is %s, and not among those that people see", l.id, l.seq, l.outcome)
		}
	}
	w.checkTold()
}

// checkTold: what was sent is what is logged, and what a device holds to be an
// edit's end is its end: "The final outcome reaches the device in `pull`" (§3.3).
func (w *World) checkTold() {
	for _, t := range w.tablets {
		for _, o := range t.s.ops {
			var outcome, final, device string
			var digest []byte
			w.rows(func(scan func(...any) error) error { return scan(&outcome, &final, &digest, &device) },
				`SELECT o.outcome, o.final, o.digest, d.id FROM sync_ops o JOIN sync_devices d ON d.num = o.device WHERE o.id = ?`, o.id)
			sum, err := wire.Digest(o.raw())
			if err == nil && outcome != "" && !bytes.Equal(sum[:], digest) {
				w.fail("outcomes", "the server's copy of edit %s is not what %s wrote", o.id, t.name)
			}
			if outcome != o.outcome && outcome != "held" { // what was held becomes terminal later
				w.fail("outcomes", "%s holds edit %d (%s) to be %q; the server says %q", t.name, o.n, o.id, o.outcome, outcome)
			}
			if outcome == "held" && allOutcomes[final] && final != o.final && final != o.outcome && device == t.s.device && !t.retired && !t.s.revoked {
				w.fail("outcomes", "edit %d of %s was held and ended as %s, of which the device knows %q", o.n, t.name, final, o.final)
			}
		}
	}
}

// checkOrder: the server's order keeps each device's own (§5), and its numbers are
// dense (§1).
func (w *World) checkOrder() {
	lastN, lastSeq := map[int64]int64{}, map[int64]int64{}
	w.rows(func(scan func(...any) error) error {
		var device, n, seq, isAlias int64
		if err := scan(&device, &n, &seq, &isAlias); err != nil {
			return err
		}
		if n != lastN[device]+1 {
			w.fail("order", "device %d has number %d after %d", device, n, lastN[device])
		}
		lastN[device] = n
		if isAlias == 0 {
			if seq <= lastSeq[device] {
				w.fail("order", "number %d of device %d has seq %d, its former one %d", n, device, seq, lastSeq[device])
			}
			lastSeq[device] = seq
		}
		return nil
	}, `SELECT device, n, seq, 0 FROM sync_ops UNION ALL SELECT device, n, op, 1 FROM sync_aliases ORDER BY 1, 2`)
	w.rows(func(scan func(...any) error) error {
		var num, next int64
		if err := scan(&num, &next); err != nil {
			return err
		}
		if next != lastN[num]+1 {
			w.fail("order", "device %d expects %d after %d", num, next, lastN[num])
		}
		return nil
	}, `SELECT num, next_n FROM sync_devices ORDER BY num`)
}
