package sim

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"
)

// Faults are what goes wrong in a run, each a chance per occasion. Each seed
// draws which of them there are at all: a run with everything at once never gets
// far enough to break anything deep.
type Faults struct {
	// the network, per request
	Drop, Duplicate, Cut, LoseAnswer, Slow, CorruptChunk float64
	// the server, per write
	FailCommit, CrashBefore, CrashAfter, Interleave float64
	// the server, per hour
	Restart, Backup, Restore, OldBackup, Unannounced, Compact, Archive float64
	// the tablets, per hour and tablet
	ClockJump, TwoTabs, Evict, RollBack, Clone, Offline, OldApp float64
	// what people do, per occasion
	Poison, Stale, Stranger float64
	// the administrator, per hour
	Move, Grants, Revoke, Disable float64
}

func drawFaults(rng *rand.Rand) Faults {
	some := func(most float64) float64 {
		if rng.IntN(5) < 2 {
			return 0
		}
		return most * rng.Float64()
	}
	return Faults{
		Drop: some(0.2), Duplicate: some(0.2), Cut: some(0.1), LoseAnswer: some(0.2), Slow: some(0.5),
		FailCommit: some(0.05), CrashBefore: some(0.04), CrashAfter: some(0.04), Interleave: some(0.3),
		Restart: some(0.5), Backup: some(1.5), Restore: some(0.4), OldBackup: some(0.3), Unannounced: some(1), Compact: some(1),
		ClockJump: some(0.3), TwoTabs: some(0.6), Evict: some(0.05), RollBack: some(0.1), Clone: some(0.05), Offline: some(0.5), OldApp: some(0.1),
		Poison: some(0.15), Stale: some(0.4), Stranger: some(0.15),
		Move: some(2), Grants: some(1.5), Revoke: some(0.1), Disable: some(0.1),
		Archive: some(1), CorruptChunk: some(0.4),
	}
}

// String names the faults that there are.
func (f Faults) String() string {
	out, v := "", reflect.ValueOf(f)
	for i := range v.NumField() {
		if p := v.Field(i).Float(); p > 0 {
			out += fmt.Sprintf(" %s %.2f", v.Type().Field(i).Name, p)
		}
	}
	return out
}

// hourly lets a fault strike at this rate: at any moment, whatever came before. At
// regular distances a rare one would strike in no run at all.
func (w *World) hourly(rate float64, do func()) {
	if rate <= 0 {
		return
	}
	w.after(time.Duration(w.rng.ExpFloat64()/rate*float64(time.Hour)), func() {
		if w.healing {
			return
		}
		do()
		w.hourly(rate, do)
	})
}
