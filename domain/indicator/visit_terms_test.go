package indicator

import (
	"testing"
	"time"
)

func TestVisitTermsAreTheCountysOfTheDay(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	p, err := NewParams([]Setting{{Key: "V1.class_b", From: "2026-12-01", Value: "60"}, {Key: "V1.on", From: "2027-01-01", Value: "false"}}, Defaults().Calendar)
	if err != nil {
		t.Fatal(err)
	}
	classB := func(on string) int {
		for _, v := range p.VisitTerms(day(on)) {
			if v.ReviewClass == "B" {
				return v.Days
			}
		}
		return 0
	}
	if before, after, off := classB("2026-11-30"), classB("2026-12-01"), classB("2027-01-01"); before != 91 || after != 60 || off != 0 {
		t.Errorf("B: %d, then %d, switched off %d", before, after, off)
	}
}
