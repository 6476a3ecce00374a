package search

import (
	"context"
	"errors"
	"slices"
	"time"

	"doorstep/domain/referral"
	"doorstep/domain/zone"
	"doorstep/interop"
	"doorstep/interop/dci"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// longest bounds one statement of a search: what takes longer is told to narrow.
const longest = 5 * time.Second

// canceled is PostgreSQL's word for a statement that took too long.
const canceled = "57014"

// Find answers one search out of one snapshot. Somebody who stands in two counties is two
// records.
func (r *Register) Find(ctx context.Context, q interop.Inquiry) (out interop.Found, err error) {
	if !narrow(q.Sender.Areas) && !anchored(&q.Where) {
		return out, dci.TooManyRecords
	}
	today := zone.Day(r.Now())
	err = pgx.BeginTxFunc(ctx, r.Store.Pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		out = interop.Found{}
		// Planned for these values each time: a county and the whole province want other plans.
		// Compiling one, or waiting for others to help with it, takes longer than any of them.
		if _, err := tx.Exec(ctx, `SELECT set_config('statement_timeout', $1, true), set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)`, longest.String()); err != nil {
			return err
		}
		page, total, err := r.page(ctx, tx, q, today)
		if err != nil {
			return err
		}
		out.Total = total
		if total > q.Sender.Found {
			return dci.TooManyRecords
		}
		homes, err := read(ctx, tx, page)
		if err != nil {
			return err
		}
		for _, at := range page {
			h := homes[[2]string{at.county, at.household}]
			if h == nil {
				continue
			}
			if q.Group {
				home, err := r.home(h, q.Sender, today)
				if err != nil {
					return err
				}
				out.Homes = append(out.Homes, home)
				continue
			}
			p, err := r.person(h, at.record, q.Sender, today)
			if err != nil {
				return err
			}
			out.People = append(out.People, p)
		}
		if total == 1 && len(page) == 1 {
			out.Subject = page[0].county + "/" + page[0].record
		}
		return nil
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == canceled && ctx.Err() == nil {
		err = dci.TooManyRecords
	}
	if err != nil {
		out.People, out.Homes = nil, nil
	}
	return out, err
}

// place is a record that was found.
type place struct{ county, record, household string }

// page finds the records of a page, and how many there are: one more than the sender may
// find stands for all above.
func (r *Register) page(ctx context.Context, tx pgx.Tx, q interop.Inquiry, today string) (page []place, total int, err error) {
	id := "m.county, m.record, m.household"
	if q.Group {
		id = "h.county, h.record, h.household"
	}
	s := &statement{blinds: r.Opener.Blind, today: today}
	found := s.from(q.Sender.Areas) + s.where(&q.Where)
	one := id // a member is one row
	if q.Group {
		one = "DISTINCT " + id
	}
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM (SELECT `+one+` FROM `+found+` LIMIT `+s.bind(q.Sender.Found+1)+`) x`, s.args...).Scan(&total); err != nil || total > q.Sender.Found || total == 0 {
		return nil, total, err
	}
	s = &statement{blinds: r.Opener.Blind, today: today}
	found = s.from(q.Sender.Areas) + s.where(&q.Where)
	order := ""
	for _, by := range q.Sort { // of a household's members the first
		order += "min(" + columns[by.Attribute].column + ")" + map[string]string{"desc": " DESC NULLS LAST, ", "": " NULLS FIRST, ", "asc": " NULLS FIRST, "}[by.Order]
	}
	rows, err := tx.Query(ctx, `SELECT `+id+` FROM `+found+` GROUP BY `+id+` ORDER BY `+order+`1, 2 LIMIT `+s.bind(q.Size)+` OFFSET `+s.bind(q.Size*(q.Page-1)), s.args...)
	if err != nil {
		return nil, total, err
	}
	page, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p place, err error) {
		return p, row.Scan(&p.county, &p.record, &p.household)
	})
	return page, total, err
}

// household is what the store has of one, as far as the interface asks for it.
type household struct {
	county, area string
	members      []member
	held         []referral.Held
}

type member struct {
	id     string
	sealed []byte
	values struct {
		Sex, BirthDate, Relation, Work, Disability string
		Alive                                      *bool
	}
}

// read reads the households of a page, each once.
func read(ctx context.Context, tx pgx.Tx, page []place) (map[[2]string]*household, error) {
	var counties, homes []string
	for _, p := range page {
		counties, homes = append(counties, p.county), append(homes, p.household)
	}
	rows, err := tx.Query(ctx, `SELECT r.county, r.household, r.record, r.type, r.area, r."values", r.sealed FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) w (county, household)) w
		JOIN records r ON r.county = w.county AND r.household = w.household WHERE NOT r.gone AND r.type IN ('households', 'members', 'categories') ORDER BY r.county, r.household, r.record`, counties, homes)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[[2]string]*household{}
	for rows.Next() {
		var county, home, record, typ, area string
		var values, sealed []byte
		if err := rows.Scan(&county, &home, &record, &typ, &area, &values, &sealed); err != nil {
			return nil, err
		}
		h := out[[2]string{county, home}]
		if h == nil {
			h = &household{county: county}
			out[[2]string{county, home}] = h
		}
		if err := h.add(record, typ, area, values, sealed); err != nil {
			return nil, err
		}
	}
	return out, rows.Err()
}

func (h *household) add(record, typ, area string, text, sealed []byte) error {
	var v struct {
		Sex        string `json:"sex"`
		BirthDate  string `json:"birth_date"`
		Relation   string `json:"relation"`
		Work       string `json:"work_state"`
		Disability string `json:"disability_kind"`
		Alive      *bool  `json:"alive"`
		Member     string `json:"member"`
		Category   string `json:"category"`
		From       string `json:"from"`
		To         string `json:"to"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	switch typ {
	case "households":
		h.area = area
	case "members":
		m := member{id: record, sealed: sealed}
		m.values.Sex, m.values.BirthDate, m.values.Relation, m.values.Work, m.values.Disability, m.values.Alive = v.Sex, v.BirthDate, v.Relation, v.Work, v.Disability, v.Alive
		h.members = append(h.members, m)
	case "categories":
		h.held = append(h.held, referral.Held{Category: v.Category, Member: v.Member, From: v.From, To: v.To})
	}
	return nil
}

// individual is a member as the interface knows people. Their envelope is opened for a
// sender that sees what is in it, for nobody else.
func (r *Register) individual(h *household, m *member, s *dci.Sender) (dci.Individual, error) {
	p := dci.Individual{Sex: m.values.Sex, BirthDate: m.values.BirthDate, Work: m.values.Work, Disability: m.values.Disability, Alive: m.values.Alive}
	if !s.Sees(dci.AttrUIN) && !s.Sees(dci.AttrName) {
		return p, nil
	}
	sealed, err := r.Opener.Open(h.county, "members", m.id, m.sealed)
	p.Name, _ = sealed["name"].(string)
	p.Number, _ = sealed["id_number"].(string)
	return p, err
}

// person is somebody with what is of their household; of the categories their own and the
// household's, no other member's.
func (r *Register) person(h *household, id string, s *dci.Sender, today string) (p dci.Individual, err error) {
	i := slices.IndexFunc(h.members, func(m member) bool { return m.id == id })
	if i < 0 {
		return p, nil
	}
	if p, err = r.individual(h, &h.members[i], s); err != nil {
		return p, err
	}
	p.Home = dci.Household{Area: h.area, Size: h.size(), Categories: standing(referral.Stands(h.held, id, today))}
	return p, nil
}

// home is a household with its members.
func (r *Register) home(h *household, s *dci.Sender, today string) (dci.Household, error) {
	out := dci.Household{Area: h.area, Size: h.size()}
	for i := range h.members {
		p, err := r.individual(h, &h.members[i], s)
		if err != nil {
			return out, err
		}
		if out.Members = append(out.Members, p); h.members[i].values.Relation == headOf {
			out.Head = &p
		}
	}
	for _, c := range h.held { // of whichever member
		if c.From <= today && (c.To == "" || c.To >= today) {
			out.Categories = append(out.Categories, c.Category)
		}
	}
	slices.Sort(out.Categories)
	out.Categories = slices.Compact(out.Categories)
	return out, nil
}

// headOf is the relation of a household's head (户主).
const headOf = "02"

func (h *household) size() (n int) {
	for _, m := range h.members {
		if m.values.Alive == nil || *m.values.Alive {
			n++
		}
	}
	return n
}

func standing(list []referral.Standing) (out []string) {
	for _, s := range list {
		out = append(out, s.Category)
	}
	return slices.Compact(out)
}
