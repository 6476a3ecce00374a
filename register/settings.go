package register

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"doorstep/domain/casefile"
	"doorstep/domain/dated"
	"doorstep/domain/determination"
	"doorstep/domain/parameter"
	"doorstep/domain/referral"
	"doorstep/domain/supervision"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Settings are the numbers that the county sets for what offices do by hand: the days
// of an application, referrals, files, supervision. They lie in one table that is only added to, and in memory; deadlines
// are counted in the monitoring's calendar, which the county keeps, too.
type Settings struct {
	Engine  *engine.Engine
	Monitor *Monitor

	lines    *IncomeLines
	changing sync.Mutex // one change at a time
	inForce  atomic.Pointer[map[string]dated.Numbers]
}

// Areas of the table.
const (
	areaReferral    = "referral"
	areaCasework    = "casework"
	areaSupervision = "supervision"
	areaApplication = "application"
)

// ownArea is a table of numbers that lie in county_settings.
type ownArea struct {
	code    string
	numbers dated.Numbers
}

var ownAreas = []ownArea{
	{areaApplication, determination.Deadlines()},
	{areaReferral, referral.Defaults().Numbers},
	{areaCasework, casefile.Defaults().Numbers},
	{areaSupervision, supervision.Defaults()},
}

// maxSettings bounds what a county ever decides of these; each costs a line in memory.
const maxSettings = 5000

// OpenSettings reads what the county has set and puts it in force.
func OpenSettings(ctx context.Context, m *Monitor) (*Settings, error) {
	s := &Settings{Engine: m.Engine, Monitor: m, lines: &IncomeLines{}}
	if err := s.lines.read(ctx, s.Engine); err != nil {
		return nil, err
	}
	m.Warnings.Lines = s.lines
	err := s.Engine.View(ctx, func(v *engine.View) error {
		made, err := readSettings(v)
		if err != nil {
			return err
		}
		inForce, err := numbersOf(made)
		if err != nil {
			return fmt.Errorf("register: the county's settings: %w", err)
		}
		s.inForce.Store(&inForce)
		return nil
	})
	return s, err
}

// Lines are the income lines by what the county has set for the test.
func (s *Settings) Lines() *IncomeLines { return s.lines }

// Referrals are the numbers of referrals and inquiries, as they stand now.
func (s *Settings) Referrals() referral.Params { return referral.Params{Numbers: s.of(areaReferral)} }

// Casework are those of files.
func (s *Settings) Casework() casefile.Params { return casefile.Params{Numbers: s.of(areaCasework)} }

// Supervision are those of supervision.
func (s *Settings) Supervision() dated.Numbers { return s.of(areaSupervision) }

// Deadlines are those of applications; without settings as they are shipped.
func (s *Settings) Deadlines() dated.Numbers {
	if s == nil {
		return determination.Deadlines()
	}
	return s.of(areaApplication)
}

func (s *Settings) of(area string) dated.Numbers {
	return (*s.inForce.Load())[area].In(s.Monitor.Warnings.InForce().Calendar)
}

// setting is one decision, as it was made.
type setting struct {
	area string
	parameter.Setting
	note string
	by   wire.Person
	at   string
}

func readSettings(q queries) ([]setting, error) {
	rows, err := q.Query(`SELECT area, name, from_day, value, note, account, by_name, at FROM county_settings ORDER BY id LIMIT ?`, maxSettings)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []setting
	for rows.Next() {
		var x setting
		if err := rows.Scan(&x.area, &x.Name, &x.From, &x.Value, &x.note, &x.by.ID, &x.by.Name, &x.at); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// numbersOf is what the decisions come to, by area.
func numbersOf(made []setting) (map[string]dated.Numbers, error) {
	out := map[string]dated.Numbers{}
	for _, a := range ownAreas {
		var of []parameter.Setting
		for _, x := range made {
			if x.area == a.code {
				of = append(of, x.Setting)
			}
		}
		numbers, err := a.numbers.With(of)
		if err != nil {
			return nil, err
		}
		out[a.code] = numbers
	}
	return out, nil
}

// Set makes one decision: it is checked, written with who, when and why, and in force
// from the next transaction on. From a past day nothing can be set: what was due then was
// due by what stood then.
func (s *Settings) Set(ctx context.Context, by *engine.Account, origin, area string, n parameter.Setting, note string) error {
	if !slices.ContainsFunc(ownAreas, func(a ownArea) bool { return a.code == area }) {
		return wire.InvalidField("area", settingText("area"))
	}
	if n.From < today(s.Engine) {
		return wire.InvalidField("from", settingText("past"))
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	var inForce map[string]dated.Numbers
	err := s.Engine.Update(ctx, func(tx *engine.Tx) error {
		made, err := readSettings(tx)
		if err != nil {
			return err
		}
		if len(made) >= maxSettings {
			return wire.InvalidField("key", settingText("full"))
		}
		if inForce, err = numbersOf(append(made, setting{area: area, Setting: n})); err != nil {
			return wire.InvalidField("value", settingText("wrong", err))
		}
		if err := tx.Exec(`INSERT INTO county_settings (area, name, from_day, value, note, account, by_name, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			area, n.Name, n.From, n.Value, note, by.ID, by.Name, wire.Format(tx.Now())); err != nil {
			return err
		}
		return tx.Audit(by, origin, "setting."+area, n.Name, n.From+" "+yuan(n.Value)+" "+note)
	})
	if err == nil {
		s.inForce.Store(&inForce)
	}
	return err
}
