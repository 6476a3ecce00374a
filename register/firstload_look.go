package register

import (
	"context"
	"slices"

	"doorstep/domain/idnumber"
	"doorstep/domain/matching"
	"doorstep/sync/engine"
	"doorstep/tables"
)

// loading is one export being loaded.
type loading struct {
	c        *Comparisons
	by       *engine.Account
	kind     *loadKind
	in       Incoming
	skip     bool
	own      string // the department whose list it is; "" the county's
	unlisted int    // of it: people whom the register does not have
	report   LoadReport
	batch    Batch
	homes    map[string]*loadHome // by key
	persons  map[string]string    // ID number -> the key of the household in which the file has it
	n        int                  // writes so far
}

// loadHome is what is known of a household of the file.
type loadHome struct {
	id     string // "" until it is found or made
	region string
	bad    bool
	lines  []int
}

// homeKey is how a row names its household: the number that the province gave it, or
// its head's ID number.
func homeKey(r loadRow) string {
	if n := r.text("households.number"); n != "" {
		return "n " + n
	}
	if n := r.text(".head_id"); n != "" {
		return "h " + n
	}
	if r.text("members.relation") == "02" || r.text("members.relation") == "01" {
		if n := r.text("members.id_number"); n != "" {
			return "h " + n
		}
	}
	return ""
}

// look checks a row, and notes of which household it is.
func (l *loading) look(ctx context.Context, r loadRow, faults []tables.Fault) error {
	l.report.Rows++
	key := homeKey(r)
	fault := func(heading, code string) {
		faults = append(faults, tables.Fault{Line: r.line, Column: heading, Code: code, Reason: matching.Reason(code)})
	}
	if l.kind.code == "assistance" {
		return l.lookAssistance(ctx, r, faults)
	}
	if len(faults) == 0 {
		kind, number := r.text("members.id_kind"), r.text("members.id_number")
		switch at, twice := l.persons[number]; {
		case key == "":
			fault(headNumber.label, "head_missing")
		case number == "" && (kind == "resident" || kind == ""):
			fault("身份证号", "number_missing")
		case number != "" && twice && at != key:
			fault("身份证号", "person_twice")
		case number != "":
			l.persons[number] = key
		}
	}
	home := l.homes[key]
	if home == nil && key != "" {
		home = &loadHome{region: r.text("households.region")}
		l.homes[key] = home
	}
	if home != nil && len(faults) == 0 && home.region != r.text("households.region") {
		fault("居住地村(社区)", "household_moved")
	}
	if home != nil {
		home.bad = home.bad || len(faults) > 0
		if len(faults) == 0 {
			home.lines = append(home.lines, r.line)
		}
	}
	l.report.tell(faults)
	return nil
}

// lookAssistance: whom it was given to must be there.
func (l *loading) lookAssistance(ctx context.Context, r loadRow, faults []tables.Fault) error {
	if column, code := l.foreign(r); code != "" && len(faults) == 0 {
		faults = append(faults, tables.Fault{Line: r.line, Column: column, Code: code, Reason: matching.Reason(code)})
	}
	if len(faults) == 0 {
		home, _, err := l.personOf(ctx, r)
		if err != nil {
			return err
		}
		if home == "" && l.own != "" {
			l.unlisted++
		} else if home == "" {
			faults = append(faults, tables.Fault{Line: r.line, Column: "身份证号", Code: "person_unlisted", Reason: matching.Reason("person_unlisted")})
		}
	}
	l.report.tell(faults)
	return nil
}

// settleBad tells of the good rows that are left out with a bad one of their household.
func (l *loading) settleBad() {
	for _, home := range l.homes {
		if !home.bad {
			continue
		}
		for _, line := range home.lines {
			l.report.tell([]tables.Fault{{Line: line, Code: "household_bad", Reason: matching.Reason("household_bad")}})
		}
	}
	slices.SortStableFunc(l.report.Faults, func(a, b tables.Fault) int { return a.Line - b.Line })
}

// personOf finds the household and the member that a row names by number, in the
// register; both "" where there is none.
func (l *loading) personOf(ctx context.Context, r loadRow) (home, member string, err error) {
	number := r.text("members.id_number")
	if number == "" {
		number = r.text(".head_id")
	}
	if number != "" {
		home, member, err = l.c.memberBy(ctx, number)
		return home, member, err
	}
	home, err = l.c.homeBy(ctx, r.text("households.number"))
	return home, "", err
}

// memberBy finds a living record by ID number, in either of its forms.
func (c *Comparisons) memberBy(ctx context.Context, number string) (home, member string, err error) {
	forms := []string{number}
	if id, err := idnumber.Parse(number); err == nil && id.Old() != "" {
		forms = append(forms, id.Old())
	}
	err = c.pairs(ctx, func(h, m, _, _ string) {
		if member == "" {
			home, member = h, m
		}
	}, `SELECT m.home, m.id, '', '' FROM json_each(?) j CROSS JOIN members m ON m.id_number_blind = j.value WHERE m.deleted = 0 AND m.home NOT LIKE '@%' ORDER BY m.id`, encode(c.Engine.Ring().Blinds(forms...)))
	return home, member, err
}

// homeBy finds a household by the number that the province gave it.
func (c *Comparisons) homeBy(ctx context.Context, number string) (home string, err error) {
	if number == "" {
		return "", nil
	}
	err = c.pairs(ctx, func(h, _, _, _ string) { home = h }, `SELECT id, '', '', '' FROM households WHERE number = ? AND deleted = 0`, number)
	return home, err
}
