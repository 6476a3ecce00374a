package register

import (
	"context"
	"strings"
	"time"

	"doorstep/domain/determination"
	"doorstep/domain/parameter"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// TestRequest asks for the test of an application. Start converts the procedure midway:
// the order begins with that category, without a new application.
type TestRequest struct {
	Start   string                 `json:"start" validate:"omitempty,oneof=destitute subsistence marginal rigid_expense"`
	Answers []determination.Answer `json:"answers" validate:"max=100"`
}

// Determine runs the test on the register's facts, and keeps its trace. What was
// determined for this application before is replaced, its publicity stopped.
func (d *Determinations) Determine(ctx context.Context, by *engine.Account, origin, application string, in TestRequest) (*DeterminationView, error) {
	var id string
	err := d.act(ctx, by, origin, application, determination.Determine, func(f *file) error {
		var err error
		id, err = f.determine(in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return d.Determination(ctx, by, id)
}

func (f *file) determine(in TestRequest) (string, error) {
	if !consented(words(f.record.List("consents"))) {
		return "", refuse("consents", "no_consent")
	}
	params, err := settingsIn(f.tx)
	if err != nil {
		return "", err
	}
	today := f.tx.Today()
	for i := range in.Answers {
		in.Answers[i].On = today
	}
	if _, err := laidOver(f.home.facts, in.Answers, true); err != nil {
		return "", err
	}
	answers, err := answersFor(f.tx, f.home, in.Answers, params)
	if err != nil {
		return "", err
	}
	facts, err := laidOver(f.home.facts, answers, true)
	if err != nil {
		return "", err
	}
	if in.Start == "" && f.record.Text("continues") != "" {
		in.Start = "marginal"
	}
	result := determination.Test(determination.RulesOn(today), facts, params, today, in.Start)
	if err := f.close("replaced", "stopped"); err != nil {
		return "", err
	}
	id, err := f.keep(result, kept{facts, answers, params.Freeze(today)})
	if err != nil {
		return "", err
	}
	procedure := result.Category
	if procedure == "" {
		procedure = in.Start
	}
	f.detail = id + " " + result.Rules + " " + result.Status + " " + result.Category
	if was := f.record.Text("procedure"); was != "" && was != procedure {
		f.detail += ", " + was + " -> " + procedure // 转换审核确认工作程序
	}
	var next any
	if procedure != "" {
		next = procedure
	}
	f.patch("applications", f.record.ID(), map[string]any{"determination": id, "procedure": next})
	return id, nil
}

// keep writes the determination with what it rests on.
func (f *file) keep(result determination.Result, k kept) (string, error) {
	basis, err := object(k)
	if err != nil {
		return "", err
	}
	trace, err := object(result)
	if err != nil {
		return "", err
	}
	id := f.tx.NewID()
	f.create("determinations", id, map[string]any{"household": f.record.Household(), "application": f.record.ID(), "determined_on": result.Day, "rules": result.Rules,
		"start": result.Start, "basis": basis, "trace": trace, "status": result.Status, "result": result.Category, "state": "proposed"})
	return id, nil
}

// again is the test of a kept determination on today's facts, its answers and numbers
// laid over them: where it comes to something else the household has changed since.
func again(h home, d engine.Record) (determination.Result, bool, error) {
	var k kept
	var trace determination.Result
	if err := fromObject(d.Value("basis"), &k); err != nil {
		return trace, false, err
	}
	if err := fromObject(d.Value("trace"), &trace); err != nil {
		return trace, false, err
	}
	facts, err := h.facts.With(k.Answers)
	if _, gone := err.(*determination.FaultyAnswer); gone {
		return trace, false, nil // somebody of whom something was answered is not of the household any more
	}
	rules := determination.Lookup(d.Text("rules"))
	if rules == nil || err != nil {
		return trace, false, err
	}
	now := determination.Test(rules, facts, determination.Frozen(k.Numbers), d.Text("determined_on"), d.Text("start"))
	return now, now.Skeleton() == trace.Skeleton(), nil
}

// Supposition is a "what if": the same test on changed figures, rules or numbers.
type Supposition struct {
	Household string                 `json:"household" validate:"required,uuid"`
	Start     string                 `json:"start" validate:"omitempty,oneof=destitute subsistence marginal rigid_expense"`
	Changes   []determination.Answer `json:"changes" validate:"max=100"`
	Settings  []parameter.Setting    `json:"settings" validate:"max=100"`
	Rules     string                 `json:"rules" validate:"max=20"`
	On        string                 `json:"on" validate:"max=10"`
}

// Supposed is its answer, beside the test on the figures as they are.
type Supposed struct {
	AsIs determination.Result `json:"as_is"`
	If   determination.Result `json:"if"`
}

// WhatIf tests without storing anything.
func (d *Determinations) WhatIf(ctx context.Context, by *engine.Account, in Supposition) (*Supposed, error) {
	var out Supposed
	err := d.Engine.View(ctx, func(v *engine.View) error {
		h, ok, err := readHome(v, by, in.Household)
		if err != nil {
			return err
		}
		if !ok {
			return wire.Err(wire.NotFound, "household")
		}
		today := v.Today()
		day := today
		if in.On != "" {
			day = in.On
		}
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return refuse("on", "day")
		}
		rules := determination.RulesOn(day)
		if in.Rules != "" {
			if rules = determination.Lookup(in.Rules); rules == nil {
				return refuse("rules", "rules")
			}
		}
		params, err := settingsIn(v)
		if err != nil {
			return err
		}
		supposed, err := params.With(in.Settings)
		if err != nil {
			return refuse("settings", "setting", strings.TrimPrefix(err.Error(), "determination: "))
		}
		if _, err := laidOver(h.facts, in.Changes, false); err != nil {
			return err
		}
		past, err := answersFor(v, h, nil, params)
		if err != nil {
			return err
		}
		facts, err := h.facts.With(past)
		if err != nil {
			return err
		}
		changed, err := facts.With(in.Changes)
		if err != nil {
			return err
		}
		out.AsIs = determination.Test(determination.RulesOn(today), facts, params, today, "")
		out.If = determination.Test(rules, changed, supposed, day, in.Start)
		return nil
	})
	return &out, err
}

// Rerun is a kept determination tested again, by its own rules and numbers or by
// another version of the rules.
type Rerun struct {
	Determination string               `json:"determination"`
	Rules         string               `json:"rules"`
	Same          bool                 `json:"same"` // the answer is the one that was kept
	Kept          determination.Result `json:"kept"`
	Again         determination.Result `json:"again"`
}

// Rerun tests a kept determination on what it rested on. Nothing is stored.
func (d *Determinations) Rerun(ctx context.Context, by *engine.Account, id, version string) (*Rerun, error) {
	out := Rerun{Determination: id, Rules: version}
	err := d.Engine.View(ctx, func(v *engine.View) error {
		r, err := visible(v, by, "determinations", id, "determination")
		if err != nil {
			return err
		}
		if out.Rules == "" {
			out.Rules = r.Text("rules")
		}
		rules := determination.Lookup(out.Rules)
		if rules == nil {
			return refuse("rules", "rules")
		}
		var k kept
		if err := fromObject(r.Value("basis"), &k); err != nil {
			return err
		}
		if err := fromObject(r.Value("trace"), &out.Kept); err != nil {
			return err
		}
		out.Again = determination.Test(rules, k.Facts, determination.Frozen(k.Numbers), r.Text("determined_on"), r.Text("start"))
		out.Same = out.Again.Skeleton() == out.Kept.Skeleton()
		return nil
	})
	return &out, err
}
