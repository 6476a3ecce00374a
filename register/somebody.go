package register

import (
	"regexp"
	"strings"

	"doorstep/domain/idnumber"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Somebody is a person of whom an office has only been told: perhaps in the register,
// perhaps not. Region is a village, or the town alone.
type Somebody struct {
	Name     string `json:"name" validate:"max=40"`
	IDNumber string `json:"id_number" validate:"max=24"`
	Phone    string `json:"phone" validate:"max=20"`
	Address  string `json:"address" validate:"max=120"`
	Region   string `json:"region" validate:"omitempty,numeric,max=12"`
}

var phoneShape = regexp.MustCompile(`^[0-9+][0-9 ()-]{2,19}$`)

// check puts what was told in order and says what is wrong with it.
func (p *Somebody) check(field string) error {
	p.Name, p.Address, p.Phone = strings.TrimSpace(p.Name), strings.TrimSpace(p.Address), strings.TrimSpace(p.Phone)
	if p.Phone != "" && !phoneShape.MatchString(p.Phone) {
		return decline(field+".phone", "phone")
	}
	if p.IDNumber != "" {
		n, err := idnumber.Parse(p.IDNumber)
		if err != nil {
			return decline(field+".id_number", "id_number", faultWord(err))
		}
		p.IDNumber = string(n)
	}
	if p.Region != "" && (!region.Valid(p.Region) || len(p.Region) < 9 || region.Name(p.Region) == "") {
		return decline(field+".region", "region_known")
	}
	return nil
}

func faultWord(err error) string {
	if f, ok := err.(idnumber.Fault); ok {
		return f.Label()
	}
	return err.Error()
}

// LookAlike is a household of the register that somebody may be of.
type LookAlike struct {
	Household  string `json:"household"`
	HeadName   string `json:"head_name"`
	RegionName string `json:"region_name"`
	Why        string `json:"why"` // id_number, phone, name
}

// maxLookAlikes bounds what is pointed out.
const maxLookAlikes = 10

// lookAlikes finds whom of an account's scope somebody may be: by ID number in all of
// it, by phone or name in the town.
func lookAlikes(q engine.Reader, by *engine.Account, p Somebody) ([]LookAlike, error) {
	ways := []struct {
		why, value, query string
		args              []any
	}{
		{"id_number", "", `SELECT home FROM members WHERE id_number_blind IN (SELECT value FROM json_each(?1)) AND deleted = 0 LIMIT 20`, nil},
		{"phone", p.Phone, `SELECT home FROM households WHERE phone = ?1 AND deleted = 0 AND area >= ?2 AND area < ?2 || '~' LIMIT 20`, []any{town(p.Region)}},
		{"name", p.Name, `SELECT home FROM members WHERE name = ?1 AND deleted = 0 AND area >= ?2 AND area < ?2 || '~'
			UNION SELECT home FROM households WHERE head_name = ?1 AND deleted = 0 AND area >= ?2 AND area < ?2 || '~' LIMIT 20`, []any{town(p.Region)}},
	}
	if p.IDNumber != "" {
		ways[0].value = encode(q.Ring().Blinds(p.IDNumber, before1999(p.IDNumber)))
	}
	out := []LookAlike{}
	seen := map[string]bool{}
	for _, way := range ways {
		if way.value == "" {
			continue
		}
		homes, err := idsOf(q.Query(way.query, append([]any{way.value}, way.args...)...))
		if err != nil {
			return nil, err
		}
		for _, id := range homes {
			home, ok, err := q.Record("households", id)
			if err != nil {
				return nil, err
			}
			if !ok || seen[id] || !home.SeenBy(by) || len(out) >= maxLookAlikes {
				continue
			}
			seen[id] = true
			out = append(out, LookAlike{id, home.Text("head_name"), region.FullName(home.Area()), way.why})
		}
	}
	return out, nil
}

// openHome adds to a step a household for somebody who is not in the register yet
// (对未纳入社会救助范围的, 三(三)), so that a worker can be sent there. It is entered as
// confirmed: an office does it.
func (h *hand) openHome(p Somebody, remark string) (household, member string, err error) {
	switch {
	case len(p.Region) != 12:
		return "", "", decline("region", "village")
	case p.Name == "":
		return "", "", decline("about.name", "head_name")
	case !seesArea(h.by, p.Region):
		return "", "", wire.Err(wire.NotFound, "region")
	}
	household, member = h.tx.NewID(), h.tx.NewID()
	set := map[string]any{"region": p.Region, "head_name": p.Name, "phone": p.Phone, "address": p.Address}
	if remark != "" {
		set["remarks"] = []any{lineBy(h.tx, h.by.Name, remark)}
	}
	h.draft(wire.KindCreate, "households", household, set)
	person := map[string]any{"household": household, "name": p.Name, "relation": "02", "phone": p.Phone}
	if p.IDNumber != "" {
		n := idnumber.Number(p.IDNumber)
		person["id_kind"], person["id_number"], person["birth_date"], person["sex"] = "resident", p.IDNumber, n.BirthDate(), n.Sex()
	}
	h.draft(wire.KindCreate, "members", member, person)
	return household, member, nil
}

// closeBare adds the end of a household that was opened for a file, if nobody has
// determined, applied for or given anything since.
func (h *hand) closeBare(household string) error {
	home, ok, err := h.tx.Record("households", household)
	if err != nil || !ok || home.Text("state") != "active" {
		return err
	}
	for _, typ := range []string{"categories", "applications", "assistance"} {
		if list, err := h.tx.Records(typ, household); err != nil || len(list) > 0 {
			return err
		}
	}
	h.draft(wire.KindPatch, "households", household, map[string]any{"state": "closed", "state_reason": "mistake"})
	return nil
}
