package sim

import "slices"

// checkAcknowledged: "Acknowledged means on disk" (§2.1). After a crash, every
// edit that was answered in this history is in the log, as it was answered.
func (w *World) checkAcknowledged() {
	for _, id := range w.order {
		h := w.handed[id]
		if h.history != len(w.restored) {
			continue
		}
		if n := w.count(`SELECT count(*) FROM sync_ops WHERE id = ? AND (outcome = ? AND seq = ? OR outcome = 'held')`, id, h.outcome, h.seq); n != 1 {
			w.fail("acknowledged", "%s was told that its edit %d (%s) is %s at %d; after the crash the log does not say so", h.t.name, h.n, id, h.outcome, h.seq)
			return
		}
	}
}

// checkNothingLost: "Nothing is lost silently" (§2.3), and a restore "loses
// nothing that a tablet still holds, or says so" (§8).
func (w *World) checkNothingLost() {
	w.checkAcknowledged()
	for _, t := range w.tablets {
		for _, o := range t.s.ops {
			if w.count(`SELECT count(*) FROM sync_ops WHERE id = ?`, o.id) == 0 {
				w.fail("lost", "%s holds edit %d (%s, %s at %d), which the server lacks", t.name, o.n, o.id, o.outcome, o.seq)
			}
		}
	}
	for _, id := range w.order {
		h := w.handed[id]
		if h.history == len(w.restored) || w.count(`SELECT count(*) FROM sync_ops WHERE id = ?`, id) == 1 {
			continue
		}
		if w.saidSafe(h) {
			w.fail("durable", "edit %d of %s (%s at %d) was covered by durable_seq, and is gone although only the newest backup was ever restored", h.n, h.t.name, id, h.seq)
		} else if w.heldSomewhere(id) {
			w.fail("lost", "the restores lost edit %s, which a tablet holds", id)
		} else if why := w.excused(h); why == "" {
			w.fail("lost", "edit %d of %s (%s, acknowledged at %d) is gone since a restore, and nobody says so", h.n, h.t.name, id, h.seq)
		}
	}
}

// saidSafe: "the highest seq that is covered by a verified backup" (§1): what a
// tablet was allowed to forget no restore of the newest backup may lose.
func (w *World) saidSafe(h *handedIn) bool {
	after := w.restored[h.history:]
	return h.seq <= after[0].durable && !slices.ContainsFunc(after, func(r restored) bool { return !r.newest })
}

func (w *World) heldSomewhere(id string) bool {
	for _, t := range w.tablets {
		if t.s.find(id) != nil {
			return true
		}
	}
	return false
}

// excused says why an acknowledged edit may be gone after a restore: it is
// reported lost, or the tablet that would report it, or its device, is gone too,
// or the tablet was told of no backup that covers it and lost its own storage.
func (w *World) excused(h *handedIn) string {
	if w.count(`SELECT count(*) FROM sync_ops o JOIN sync_devices d ON d.num = o.device WHERE d.id = ? AND o.n = ? AND o.outcome = 'lost'`, h.device, h.n) == 1 {
		return "reported"
	}
	if w.count(`SELECT count(*) FROM sync_devices WHERE id = ?`, h.device) == 0 {
		return "the device is lost with it: its registration anew says so"
	}
	if w.rolledBack[h.op.id] {
		return "the tablet's own storage went back to before it, too: neither side can know"
	}
	for _, t := range w.tablets {
		if t.s.device == h.device && !t.retired {
			return ""
		}
	}
	return "no tablet uses this device any more"
}
