package merge

import "testing"

func TestConcurrentExtremes(t *testing.T) {
	for _, c := range []struct {
		name, field  string
		current, set any
		label        string
	}{
		{"a later visit", "visited", "2026-05-01", "2026-05-02", Replaced},
		{"an earlier visit", "visited", "2026-05-02", "2026-05-01", Kept},
		{"numbers are no texts", "score", 9.0, 10.0, Replaced},
		{"a smaller number", "score", 10.0, 9.0, Kept},
		{"below zero", "score", -2.0, -10.0, Kept},
		{"no value", "visited", "2026-05-02", nil, Kept},
		{"over no value", "visited", nil, "2026-05-02", Replaced},
		{"an earlier first", "first", "2026-05-02", "2026-05-01", Replaced},
		{"a later first", "first", "2026-05-01", "2026-05-02", Kept},
		{"no first", "first", "2026-05-01", nil, Kept},
	} {
		t.Run(c.name, func(t *testing.T) {
			var written values
			if c.label == Replaced {
				written = values{c.field: c.set}
			}
			record := standing(c.field, c.current, c.field, Version{Seq: 7, Device: theirs})
			expect(t, Merge(record, patch(8, 6, c.field, c.set, nil), allFields), Merged, c.field, c.label, written)
		})
	}
}

func TestAnExtremeThatWasSeenMayBeCorrected(t *testing.T) {
	record := standing("visited", "2026-05-02", "visited", Version{Seq: 7, Device: theirs})
	expect(t, Merge(record, patch(8, 7, "visited", "2026-05-01", nil), allFields), Applied, "visited", "", values{"visited": "2026-05-01"})
}
