package merge

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// everyPush checks a property at each push of random runs with four devices,
// the last of them a reviewer's.
func everyPush(t *testing.T, check func(rt *rapid.T, c *county, op Op, before State, r Result)) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		c := newCounty(4)
		c.run(rt, func(op Op, before State, r Result) { check(rt, c, op, before, r) })
	})
}

func TestPropertyDeterministicWhateverTheOrderOfFieldsAndMutatesNothing(t *testing.T) {
	everyPush(t, func(rt *rapid.T, _ *county, op Op, before State, r Result) {
		was := asJSON([]any{before, op})
		if again := Merge(before, op, rapid.Permutation(allFields).Draw(rt, "order")); asJSON(again) != asJSON(r) {
			rt.Fatalf("once %s, then %s", asJSON(r), asJSON(again))
		}
		if now := asJSON([]any{before, op}); now != was {
			rt.Fatalf("an argument changed: %s, then %s", was, now)
		}
	})
}

func TestPropertyIdempotent(t *testing.T) {
	everyPush(t, func(rt *rapid.T, _ *county, op Op, before State, r Result) {
		again := Merge(after(before, op, r), op, allFields)
		if len(again.Set)+len(again.Versions) > 0 || (again.Outcome == Rejected) != (r.Outcome == Rejected) {
			rt.Fatalf("merged a second time, it writes: %s", asJSON(again))
		}
	})
}

func TestPropertyReplayFromEmptyGivesTheSameBytes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := newCounty(4)
		c.run(rt, func(Op, State, Result) {})
		replayed := newCounty(4)
		for _, op := range c.log {
			replayed.receive(op)
		}
		if asJSON(c.record) != asJSON(replayed.record) {
			rt.Fatalf("first %s, replayed %s", asJSON(c.record), asJSON(replayed.record))
		}
	})
}

// Concurrent is told here from the whole history of writes, not from versions.
func TestPropertyWhatSomebodyElseWroteAfterTheBaseIsNeverPassedOver(t *testing.T) {
	everyPush(t, func(rt *rapid.T, c *county, op Op, before State, r Result) {
		if r.Outcome == Rejected {
			return
		}
		for _, f := range allFields {
			if _, touched := op.Set[f.Name]; !touched {
				continue
			}
			label, concurrent := r.Fields[f.Unit()], c.newestForeign(f.Unit(), op) > op.Base
			_, open := before.Cases[f.Unit()]
			_, taken := r.Versions[f.Unit()]
			switch {
			case label == Same:
				if taken {
					rt.Fatalf("%s: same, but written", f.Name)
				}
			case f.Rule == Review && concurrent && !open && label != InCase:
				rt.Fatalf("%s: a concurrent edit went through as %q", f.Name, label)
			case (f.Rule == Latest || f.Rule == Max || f.Rule == Min || f.Rule == Append) && concurrent != (label != ""):
				rt.Fatalf("%s: concurrent %v, but told %q", f.Name, concurrent, label)
			case f.Rule == Union && concurrent && label != Joined:
				rt.Fatalf("%s: a concurrent edit told as %q", f.Name, label)
			}
			if taken {
				if want := (Version{op.Seq, op.Device, c.newestForeign(f.Unit(), op)}); r.Versions[f.Unit()] != want {
					rt.Fatalf("%s: version %+v, the history says %+v", f.Name, r.Versions[f.Unit()], want)
				}
			}
		}
	})
}

func TestPropertyAReviewedValueIsOverwrittenOnlyByWhoSawIt(t *testing.T) {
	everyPush(t, func(rt *rapid.T, c *county, op Op, before State, r Result) {
		for _, f := range allFields {
			now, written := r.Set[f.Name]
			if f.Rule != Review || !written || Equal(f, now, before.Values[f.Name]) {
				continue
			}
			last, open := before.Cases[f.Unit()]
			settled := slices.Contains(r.Settled, f.Unit())
			switch {
			case open != settled:
				rt.Fatalf("%s: open %v, settled %v", f.Name, open, settled)
			case open && (!op.Reviewer || op.Base < last):
				rt.Fatalf("%s: a case at %d was settled by %+v", f.Name, last, op)
			case !open && !f.Masked && !Equal(f, op.Was[f.Name], before.Values[f.Name]):
				rt.Fatalf("%s: overwritten by who saw %v", f.Name, op.Was[f.Name])
			}
		}
	})
}

func TestPropertyEveryClashOfReviewedValuesIsInACase(t *testing.T) {
	everyPush(t, func(rt *rapid.T, c *county, op Op, before State, r Result) {
		if r.Outcome == Rejected {
			return
		}
		for _, f := range allFields {
			set, touched := op.Set[f.Name]
			if f.Rule != Review || !touched || Equal(f, set, c.record.Values[f.Name]) {
				continue
			}
			if !slices.Contains(r.Cases, f.Unit()) || r.Outcome != Conflict || c.record.Cases[f.Unit()] != op.Seq {
				rt.Fatalf("%s: %v does not stand, and no case holds it: %s", f.Name, set, asJSON(r))
			}
		}
	})
}

func TestPropertyAnImmutableValueNeverChanges(t *testing.T) {
	everyPush(t, func(rt *rapid.T, c *county, _ Op, before State, _ Result) {
		if set := before.Values["author"]; set != nil && set != c.record.Values["author"] {
			rt.Fatalf("%v became %v", set, c.record.Values["author"])
		}
	})
}

func TestPropertyUnionLosesNothingThatNobodyRemoved(t *testing.T) {
	everyPush(t, func(rt *rapid.T, c *county, op Op, before State, r Result) {
		if _, touched := op.Set["tags"]; !touched || r.Outcome == Rejected {
			return
		}
		now, set, was := keys(list(c.record.Values["tags"])), keys(list(op.Set["tags"])), keys(list(op.Was["tags"]))
		current := keys(list(before.Values["tags"]))
		for _, item := range []string{`"a`, `"b`, `"c`, `"d`} {
			added, removed := set[item] && !was[item], was[item] && !set[item]
			if want := added || current[item] && !removed; now[item] != want {
				rt.Fatalf("%s: was there %v, added %v, removed %v, is there %v", item, current[item], added, removed, now[item])
			}
		}
	})
}

func TestPropertyAppendLosesAndRewritesNothing(t *testing.T) {
	everyPush(t, func(rt *rapid.T, c *county, op Op, before State, r Result) {
		if r.Outcome == Rejected {
			return
		}
		now, current := list(c.record.Values["remarks"]), list(before.Values["remarks"])
		if len(now) < len(current) || len(current) > 0 && key(now[:len(current)]) != key(current) {
			rt.Fatalf("%s became %s", asJSON(current), asJSON(now))
		}
		for _, item := range list(op.Set["remarks"]) {
			if n := slices.IndexFunc(now, func(i any) bool { return idOf(i) == idOf(item) }); n < 0 {
				rt.Fatalf("%s is lost", asJSON(item))
			}
		}
	})
}

func TestPropertyWhatIsNotTouchedStays(t *testing.T) {
	everyPush(t, func(rt *rapid.T, c *county, op Op, before State, r Result) {
		for _, f := range allFields {
			if _, touched := op.Set[f.Name]; touched && r.Outcome != Rejected {
				continue
			}
			if asJSON(before.Values[f.Name]) != asJSON(c.record.Values[f.Name]) || before.Versions[f.Unit()] != c.record.Versions[f.Unit()] {
				rt.Fatalf("%s changed", f.Name)
			}
		}
	})
}

// One device alone may edit as often as it likes, pulled or not: everything is
// simply taken, and its view was right all the time.
func TestPropertyADeviceNeverClashesWithItself(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := newCounty(1)
		alone := c.tablets[0]
		for range rapid.IntRange(1, 12).Draw(rt, "edits") {
			alone.edit(rt)
			if rapid.Bool().Draw(rt, "push") {
				pushAlone(rt, c, alone)
			}
			if rapid.Bool().Draw(rt, "pull") && len(alone.pending) == 0 {
				alone.pull(c)
			}
		}
	})
}

func pushAlone(rt *rapid.T, c *county, alone *tablet) {
	want := alone.view()
	for _, op := range alone.pending {
		if _, _, r := c.receive(op); r.Outcome != Applied {
			rt.Fatalf("a device clashed with itself: %s of %s", asJSON(r), asJSON(op))
		}
	}
	for _, f := range allFields {
		if !Equal(f, want[f.Name], c.record.Values[f.Name]) {
			rt.Fatalf("%s: the device showed %v, the server holds %v", f.Name, want[f.Name], c.record.Values[f.Name])
		}
	}
	// What is answered leaves the outbox when the cursor has passed it.
	alone.pending, alone.pulled = nil, c.record.Values
}

// ODK #698, at any length of the chain.
func TestPropertyAForeignWriteCountsForEveryEditOfTheChain(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := rapid.SampledFrom([]Field{phone, income}).Draw(rt, "field")
		c := newCounty(3)
		base, _, _ := c.receive(Op{Device: theirs, Create: true, Set: values{f.Name: "v0"}})
		c.receive(Op{Device: office, Base: base.Seq, Set: values{f.Name: "theirs"}, Was: values{f.Name: "v0"}})
		seen := "v0"
		for i := range rapid.IntRange(1, 6).Draw(rt, "chain") {
			next := string(rune('a' + i))
			_, _, r := c.receive(Op{Device: mine, Base: base.Seq, Set: values{f.Name: next}, Was: values{f.Name: seen}})
			if want := map[Rule]string{Latest: Replaced, Review: InCase}[f.Rule]; r.Fields[f.Name] != want {
				rt.Fatalf("edit %d of the chain: %q, want %q", i+1, r.Fields[f.Name], want)
			}
			seen = next
		}
	})
}
