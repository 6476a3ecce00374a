package register

import (
	"context"
	"slices"
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/casefile"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
)

// Contract is one with a provider of social work (政府购买服务): what is bought, until
// when, by whose accounts. What those see for it ends with it.
type Contract struct {
	CaseFile
	Provider   string    `json:"provider"`
	CreditCode string    `json:"credit_code"`
	Contact    string    `json:"contact"`
	Phone      string    `json:"phone"`
	Number     string    `json:"number"`
	From       string    `json:"from"`
	To         string    `json:"to"` // the last day
	Quotas     []Quota   `json:"quotas"`
	Staff      []Staffed `json:"staff"`
}

// Quota is how often a service was bought.
type Quota struct {
	Service string `json:"service" validate:"required,max=20"`
	Times   int    `json:"times" validate:"min=1,max=1000000"`
}

// Staffed is a social worker's account under a contract.
type Staffed struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	From    string `json:"from"`
	Until   string `json:"until"` // "" still
}

// NewContract is a contract as it is entered. ID is the client's.
type NewContract struct {
	ID         string  `json:"id" validate:"required,uuid"`
	Provider   string  `json:"provider" validate:"required,max=80"`
	CreditCode string  `json:"credit_code" validate:"required,max=18"`
	Contact    string  `json:"contact" validate:"max=40"`
	Phone      string  `json:"phone" validate:"max=20"`
	Number     string  `json:"number" validate:"required,max=40"`
	Area       string  `json:"area" validate:"required,numeric,max=9"`
	From       string  `json:"from" validate:"required,datetime=2006-01-02"`
	To         string  `json:"to" validate:"required,datetime=2006-01-02"`
	Quotas     []Quota `json:"quotas" validate:"required,min=1,max=20,dive"`
}

// Bounds of one contract.
const (
	maxStaff        = 200
	maxHomes        = 5000
	maxHomesAccount = 1000
	longestContract = 5 * 366 // days
)

// SignContract enters a contract.
func (c *Casework) SignContract(ctx context.Context, by *engine.Account, origin string, n NewContract) (map[string]any, error) {
	k, err := begin(ctx, c, by, origin, casefile.Contract, "sign", n.ID, func(h *hand) (*Contract, error) {
		k := &Contract{Provider: strings.TrimSpace(n.Provider), CreditCode: strings.ToUpper(strings.TrimSpace(n.CreditCode)), Contact: n.Contact, Phone: n.Phone,
			Number: strings.TrimSpace(n.Number), From: n.From, To: n.To, Quotas: n.Quotas, Staff: []Staffed{}}
		k.Area, k.DueOn, h.said = n.Area, n.To, n.Provider
		return k, k.check(h.tx, h.by)
	})
	if err != nil {
		return nil, err
	}
	return c.Contract(ctx, by, origin, k.ID)
}

func (k *Contract) check(q engine.Reader, by *engine.Account) error {
	switch {
	case !region.Valid(k.Area) || !seesArea(by, k.Area):
		return decline("area", "region")
	case !casefile.IsCreditCode(k.CreditCode):
		return decline("credit_code", "credit_code")
	case k.Phone != "" && !phoneShape.MatchString(k.Phone):
		return decline("phone", "phone")
	case k.To < k.From || k.To < q.Today() || k.To > daysBefore(k.From, -longestContract):
		return decline("to", "contract_days")
	}
	return checkQuotas(k.Quotas)
}

// checkQuotas wants each service once, one that a follow-up can name (services of
// sync/policy): else nothing could be counted.
func checkQuotas(quotas []Quota) error {
	seen := map[string]bool{}
	for _, q := range quotas {
		if seen[q.Service] || !isOption("followups", "service", q.Service) {
			return decline("quotas", "service")
		}
		seen[q.Service] = true
	}
	return nil
}

// ContractStep is what somebody does with a contract; what must be said depends on the
// action.
type ContractStep struct {
	Action     string   `json:"action" validate:"required,max=20"`
	Reason     string   `json:"reason" validate:"max=500"`
	Account    string   `json:"account" validate:"max=40"`
	Households []string `json:"households" validate:"max=300,unique,dive,uuid"`
	To         string   `json:"to" validate:"omitempty,datetime=2006-01-02"`
	Quotas     []Quota  `json:"quotas" validate:"max=20,dive"`
}

var contractActs = map[string]func(h *hand, k *Contract, s ContractStep) error{
	"staff": staffContract, "release": releaseStaff, "assign": assignHomes, "unassign": unassignHomes, "change": changeContract,
	"end": func(h *hand, k *Contract, _ ContractStep) error { return k.endAccess(h.tx) },
}

// TakeContract takes one step of a contract.
func (c *Casework) TakeContract(ctx context.Context, by *engine.Account, origin, id string, s ContractStep) (map[string]any, error) {
	_, err := take(ctx, c, by, origin, casefile.Contract, id, s.Action, s.Reason, func(h *hand, k *Contract) error { return contractActs[s.Action](h, k, s) })
	if err != nil {
		return nil, err
	}
	return c.Contract(ctx, by, origin, id)
}

// changeContract prolongs or shortens it, or buys more or less.
func changeContract(h *hand, k *Contract, s ContractStep) error {
	if s.To != "" {
		k.To, k.DueOn, k.RemindedOn = s.To, s.To, ""
	}
	if len(s.Quotas) > 0 {
		k.Quotas = s.Quotas
	}
	return k.check(h.tx, h.by)
}

// staffContract puts a social worker's account under a contract. It sees nothing by it
// until households are assigned.
func staffContract(h *hand, k *Contract, s ContractStep) error {
	people, err := socialWorkers(h.tx, k.Area)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(people, func(p Staffed) bool { return p.Account == s.Account })
	if i < 0 {
		return decline("account", "social_account")
	}
	if k.staffed(s.Account) >= 0 {
		return decline("account", "staffed")
	}
	if len(k.Staff) >= maxStaff {
		return decline("account", "too_many_staff", maxStaff)
	}
	k.Staff = append(k.Staff, Staffed{Account: s.Account, Name: people[i].Name, From: h.tx.Today()})
	h.said = people[i].Name
	return nil
}

// staffed is where an account stands that is still under the contract; -1 if it is not.
func (k *Contract) staffed(account string) int {
	return slices.IndexFunc(k.Staff, func(s Staffed) bool { return s.Account == account && s.Until == "" })
}

func releaseStaff(h *hand, k *Contract, s ContractStep) error {
	i := k.staffed(s.Account)
	if i < 0 {
		return decline("account", "not_staffed")
	}
	k.Staff[i].Until = h.tx.Today()
	h.said = k.Staff[i].Name + "，" + h.said
	return k.endAccessOf(h.tx, s.Account, nil)
}

// socialWorkers are the accounts of social workers (社工) of an area, or whose office the
// area lies in.
func socialWorkers(q engine.Reader, area string) ([]Staffed, error) {
	staff, err := staffOf(q, []string{area}, access.Social)
	out := make([]Staffed, 0, len(staff))
	for _, s := range staff {
		out = append(out, Staffed{Account: s.Account, Name: s.Name})
	}
	return out, err
}

// expireContracts ends those whose last day is over.
func (c *Casework) expireContracts(ctx context.Context) error {
	return c.expire(ctx, casefile.Contract, "active", func(id string) error {
		_, err := take(ctx, c, engine.Server, "", casefile.Contract, id, "expire", "", func(h *hand, k *Contract) error { return k.endAccess(h.tx) })
		return err
	})
}

// Contracts is the office's list, with how much of each is used.
func (c *Casework) Contracts(ctx context.Context, by *engine.Account, q FileQuery) (Page, error) {
	return filesOf(ctx, c, by, casefile.Contract, q, func(v *engine.View, k *Contract) (map[string]any, error) {
		k.Steps = nil
		return c.contract(v, by, k)
	})
}

// Contract is one contract with what it bought and who serves whom; that it was looked
// at is audited, for it names households.
func (c *Casework) Contract(ctx context.Context, by *engine.Account, origin, id string) (map[string]any, error) {
	var out map[string]any
	err := c.read(ctx, by, origin, casefile.Contract, id, func(v *engine.View) error {
		k, err := seenFile[Contract](v, by, casefile.Contract, id)
		if err != nil {
			return err
		}
		if out, err = c.contract(v, by, k); err != nil {
			return err
		}
		if out["homes"], err = k.homes(v, by); err != nil {
			return err
		}
		return nil
	})
	return out, err
}

func (c *Casework) contract(q engine.Reader, by *engine.Account, k *Contract) (map[string]any, error) {
	out, err := shown(q, by, &k.CaseFile, k)
	if err != nil {
		return nil, err
	}
	out["services"], out["workers"], err = k.usage(q, c.Settings.Casework().Number("quota_short_percent", q.Today()))
	return out, err
}

// ContractOptions are the tables that the form is made of.
func (c *Casework) ContractOptions(ctx context.Context, by *engine.Account) (map[string]any, error) {
	people := []Staff{}
	err := c.Engine.View(ctx, func(v *engine.View) (err error) {
		people, err = staffOf(v, by.Scope().Areas, access.Social)
		return err
	})
	return map[string]any{"services": policy.Lookup("followups").Field("service").Options, "social_workers": people, "areas": areasOf(by), "places": Places(by),
		"states": casefile.Stages(casefile.Contract), "acts": casefile.Acts(casefile.Contract)}, err
}
