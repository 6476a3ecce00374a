package register

import (
	"context"
	"slices"
	"strings"

	"doorstep/domain/determination"
	"doorstep/domain/parameter"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// settingsIn reads what the county has set, the oldest decision first.
func settingsIn(r engine.Reader) (determination.Params, error) {
	rows, err := r.Query(`SELECT name, from_day, value FROM determination_settings ORDER BY id`)
	if err != nil {
		return determination.Params{}, err
	}
	defer func() { _ = rows.Close() }()
	var settings []parameter.Setting
	for rows.Next() {
		var s parameter.Setting
		if err := rows.Scan(&s.Name, &s.From, &s.Value); err != nil {
			return determination.Params{}, err
		}
		settings = append(settings, s)
	}
	if err := rows.Err(); err != nil {
		return determination.Params{}, err
	}
	return determination.NewParams(settings)
}

// Set enters what the county decided on numbers, by day. Whatever was determined before
// keeps the numbers that it was measured by.
func (d *Determinations) Set(ctx context.Context, by *engine.Account, origin string, settings []parameter.Setting, note string) error {
	if _, err := determination.NewParams(settings); err != nil {
		return refuse("settings", "setting", strings.TrimPrefix(err.Error(), "determination: "))
	}
	err := d.Engine.Update(ctx, func(tx *engine.Tx) error {
		for _, s := range settings {
			if err := tx.Exec(`INSERT INTO determination_settings (name, from_day, value, set_by, set_at, note) VALUES (?, ?, ?, ?, ?, ?)`,
				s.Name, s.From, s.Value, by.ID, wire.Format(tx.Now()), note); err != nil {
				return err
			}
			if err := tx.Audit(by, origin, "determination.set", s.Name, strings.TrimSpace(s.From+" "+yuan(s.Value)+" "+note)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && d.Lines != nil {
		err = d.Lines.read(ctx, d.Engine)
	}
	return err
}

// NumberView is a number of the test with what it is today and what was set.
type NumberView struct {
	determination.Measured
	Low      float64             `json:"low"`
	High     float64             `json:"high"`
	Settings []parameter.Setting `json:"settings"`
}

// RulesView is what a console needs to ask, to suppose and to set.
type RulesView struct {
	Versions []VersionView `json:"versions"`
	Facts    []FactView    `json:"facts"`
	Numbers  []NumberView  `json:"numbers"`
}

// VersionView is one version of the rules.
type VersionView struct {
	Version string `json:"version"`
	Title   string `json:"title"`
	From    string `json:"from"`
}

// FactView is one fact: how it is asked and answered. Its options are those of the
// register's field.
type FactView struct {
	Code   string `json:"code"`
	Label  string `json:"label"`
	Unit   string `json:"unit"`
	Kind   string `json:"kind"`
	Member bool   `json:"member"`
	Type   string `json:"type"`
	Field  string `json:"field"`
	Ask    string `json:"ask"`
}

// Rules lists versions, facts and numbers as of today.
func (d *Determinations) Rules(ctx context.Context) (*RulesView, error) {
	out := &RulesView{}
	for _, v := range determination.Versions() {
		out.Versions = append(out.Versions, VersionView{v.Version, v.Title, v.From})
	}
	for _, r := range determination.FactTable() {
		out.Facts = append(out.Facts, FactView{r.Code, r.Label, r.Unit, r.Kind, r.Member, r.Type, r.Field, r.Ask})
	}
	err := d.Engine.View(ctx, func(v *engine.View) error {
		params, err := settingsIn(v)
		if err != nil {
			return err
		}
		for _, n := range determination.Numbers() {
			of := slices.DeleteFunc(params.Settings(), func(s parameter.Setting) bool { return s.Name != n.Name })
			out.Numbers = append(out.Numbers, NumberView{params.At(n.Name, v.Today()), n.Low, n.High, of})
		}
		return nil
	})
	return out, err
}
