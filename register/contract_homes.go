package register

import (
	"database/sql"
	"strconv"
	"strings"

	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
)

// Whom a contract serves: a household is assigned to one social worker's account, from
// a day until a day, and the account's scope follows it (sync_grants). Follow-ups of the
// account in that household between these days count against the quota: they are the
// record of the service, nothing is reported beside them.

// assignHomes gives households to a social worker. Those that are there already are
// left; one that the account serves under another contract is refused: its services
// would count twice.
func assignHomes(h *hand, k *Contract, s ContractStep) error {
	i := k.staffed(s.Account)
	if i < 0 {
		return decline("account", "not_staffed")
	}
	if k.From > h.tx.Today() {
		return decline("households", "not_begun", k.From)
	}
	if len(s.Households) == 0 {
		return decline("households", "no_households")
	}
	served, all, err := k.served(h.tx, s.Account)
	if err != nil {
		return err
	}
	grants, err := h.tx.Grants(s.Account)
	if err != nil {
		return err
	}
	has := map[string]bool{}
	for _, g := range grants {
		has[g.Value] = g.Kind == engine.GrantHome
	}
	rows := [][2]any{}
	for _, id := range s.Households {
		home, err := visible(h.tx, h.by, "households", id, "households")
		if err != nil {
			return err
		}
		if !region.Contains(k.Area, home.Area()) {
			return decline("households", "outside_contract", home.Text("head_name"))
		}
		switch served[id] {
		case k.ID:
			continue
		case "":
			rows = append(rows, [2]any{id, !has[id]})
		default:
			return decline("households", "served_elsewhere", home.Text("head_name"))
		}
		if !has[id] {
			grants = append(grants, engine.Grant{Kind: engine.GrantHome, Value: id})
		}
	}
	if len(served)+len(rows) > maxHomesAccount || all+len(rows) > maxHomes {
		return decline("households", "too_many_homes", maxHomesAccount, maxHomes)
	}
	h.said = k.Staff[i].Name + "，" + strconv.Itoa(len(rows))
	if err := h.tx.Exec(`INSERT INTO contract_homes (contract, account, household, from_on, until_on, own) SELECT ?, ?, value ->> 0, ?, '', value ->> 1 FROM json_each(?) WHERE true
		ON CONFLICT (contract, account, household, from_on) DO UPDATE SET until_on = '', own = excluded.own`, k.ID, s.Account, h.tx.Today(), encode(rows)); err != nil {
		return err
	}
	return h.tx.SetGrants(s.Account, grants, h.by)
}

func unassignHomes(h *hand, k *Contract, s ContractStep) error {
	if k.staffed(s.Account) < 0 {
		return decline("account", "not_staffed")
	}
	if len(s.Households) == 0 {
		return decline("households", "no_households")
	}
	h.said = strings.Trim(strconv.Itoa(len(s.Households))+"，"+h.said, "，")
	return k.endAccessOf(h.tx, s.Account, s.Households)
}

// served is whom an account serves, under which contract, and how many households the
// contract serves by all.
func (k *Contract) served(q engine.Reader, account string) (served map[string]string, all int, err error) {
	served = map[string]string{}
	rows, err := q.Query(`SELECT household, contract FROM contract_homes WHERE account = ? AND until_on = ''`, account)
	if err := scanEach(rows, err, func(r *sql.Rows) error {
		var home, contract string
		err := r.Scan(&home, &contract)
		served[home] = contract
		return err
	}); err != nil {
		return nil, 0, err
	}
	rows, err = q.Query(`SELECT count(*) FROM contract_homes WHERE contract = ? AND until_on = ''`, k.ID)
	return served, all, scanEach(rows, err, func(r *sql.Rows) error { return r.Scan(&all) })
}

// endAccess ends what all accounts see by the contract.
func (k *Contract) endAccess(tx *engine.Tx) error {
	for i := range k.Staff {
		if k.Staff[i].Until != "" {
			continue
		}
		k.Staff[i].Until = tx.Today()
		if err := k.endAccessOf(tx, k.Staff[i].Account, nil); err != nil {
			return err
		}
	}
	return nil
}

// endAccessOf ends what an account sees by the contract, of all households or of these.
// What it was granted otherwise stays (own: the grant came by the contract). Tablets
// are told by their next pull, as of any grant that ends.
func (k *Contract) endAccessOf(tx *engine.Tx, account string, only []string) error {
	own := map[string]bool{}
	rows, err := tx.Query(`SELECT household FROM contract_homes WHERE contract = ?1 AND account = ?2 AND until_on = '' AND own = 1
		AND (?3 = '[]' OR household IN (SELECT value FROM json_each(?3)))`, k.ID, account, encode(append([]string{}, only...)))
	ids, err := idsOf(rows, err)
	if err != nil {
		return err
	}
	for _, id := range ids {
		own[id] = true
	}
	if err := tx.Exec(`UPDATE contract_homes SET until_on = ?1 WHERE contract = ?2 AND account = ?3 AND until_on = ''
		AND (?4 = '[]' OR household IN (SELECT value FROM json_each(?4)))`, tx.Today(), k.ID, account, encode(append([]string{}, only...))); err != nil {
		return err
	}
	grants, err := tx.Grants(account)
	if err != nil {
		return err
	}
	var kept []engine.Grant
	for _, g := range grants {
		if g.Kind != engine.GrantHome || !own[g.Value] {
			kept = append(kept, g)
		}
	}
	return tx.SetGrants(account, kept, engine.Server)
}

// contractGrants are those that an account has by contracts: to save it again, with the
// areas and households that an administrator names, takes none of them away.
func contractGrants(q engine.Reader, account string) ([]engine.Grant, error) {
	homes, err := idsOf(q.Query(`SELECT DISTINCT household FROM contract_homes WHERE account = ? AND until_on = '' AND own = 1`, account))
	out := make([]engine.Grant, 0, len(homes))
	for _, id := range homes {
		out = append(out, engine.Grant{Kind: engine.GrantHome, Value: id})
	}
	return out, err
}

// ServiceUse is how much of a bought service was given.
type ServiceUse struct {
	Service string `json:"service"`
	Label   string `json:"label"`
	Quota   int    `json:"quota"`
	Used    int    `json:"used"`
	Left    int    `json:"left"`  // never below 0
	Over    int    `json:"over"`  // given beyond what was bought
	Short   bool   `json:"short"` // nearly used up, or over
}

// WorkerUse is what one social worker did under the contract.
type WorkerUse struct {
	Account    string `json:"account"`
	Name       string `json:"name"`
	Households int    `json:"households"` // served now
	Used       int    `json:"used"`
}

// usage counts follow-ups, each once, by service and by social worker. What was not
// bought is counted, too, with a quota of 0.
func (k *Contract) usage(q engine.Reader, shortPercent float64) ([]ServiceUse, []WorkerUse, error) {
	used, did := map[string]int{}, map[string]int{}
	rows, err := q.Query(`SELECT service, author, count(*) FROM (SELECT DISTINCT f.id, f.service, f.author FROM contract_homes h JOIN followups f ON f.home = h.household
			WHERE h.contract = ?1 AND f.deleted = 0 AND f.author = h.account
			AND coalesce(nullif(f.served_on, ''), substr(f.created, 1, 10)) BETWEEN h.from_on AND min(?2, coalesce(nullif(h.until_on, ''), ?2))
			AND coalesce(nullif(f.served_on, ''), substr(f.created, 1, 10)) BETWEEN ?3 AND ?4) GROUP BY service, author`, k.ID, q.Today(), k.From, k.To)
	if err := scanEach(rows, err, func(r *sql.Rows) error {
		var service, author string
		var n int
		err := r.Scan(&service, &author, &n)
		used[service], did[author] = used[service]+n, did[author]+n
		return err
	}); err != nil {
		return nil, nil, err
	}
	bought := map[string]int{}
	for _, b := range k.Quotas {
		bought[b.Service] = b.Times
	}
	services := []ServiceUse{}
	for _, o := range policy.Lookup("followups").Field("service").Options {
		quota, n := bought[o.Value], used[o.Value]
		if quota == 0 && n == 0 {
			continue
		}
		services = append(services, ServiceUse{o.Value, o.Label, quota, n, max(quota-n, 0), max(n-quota, 0), float64(n)*100 >= shortPercent*float64(quota)})
	}
	workers, err := k.workers(q, did)
	return services, workers, err
}

func (k *Contract) workers(q engine.Reader, did map[string]int) ([]WorkerUse, error) {
	serves := map[string]int{}
	rows, err := q.Query(`SELECT account, count(*) FROM contract_homes WHERE contract = ? AND until_on = '' GROUP BY account`, k.ID)
	err = scanEach(rows, err, func(r *sql.Rows) error {
		var account string
		var n int
		err := r.Scan(&account, &n)
		serves[account] = n
		return err
	})
	out := []WorkerUse{}
	seen := map[string]bool{}
	for _, s := range k.Staff {
		if !seen[s.Account] {
			seen[s.Account] = true
			out = append(out, WorkerUse{s.Account, s.Name, serves[s.Account], did[s.Account]})
		}
	}
	return out, err
}

// Assigned is a household that a social worker serves.
type Assigned struct {
	Household string `json:"household"`
	HeadName  string `json:"head_name"`
	Account   string `json:"account"`
	From      string `json:"from"`
}

// shownHomes bounds the households that one contract's page names.
const shownHomes = 1000

func (k *Contract) homes(q engine.Reader, by *engine.Account) ([]Assigned, error) {
	out := []Assigned{}
	rows, err := q.Query(`SELECT household, account, from_on FROM contract_homes WHERE contract = ? AND until_on = '' ORDER BY account, household LIMIT ?`, k.ID, shownHomes)
	if err := scanEach(rows, err, func(r *sql.Rows) error {
		var a Assigned
		err := r.Scan(&a.Household, &a.Account, &a.From)
		out = append(out, a)
		return err
	}); err != nil {
		return nil, err
	}
	for i := range out {
		home, ok, err := q.Record("households", out[i].Household)
		if err != nil {
			return nil, err
		}
		if ok && home.SeenBy(by) {
			out[i].HeadName = home.Text("head_name")
		}
	}
	return out, nil
}
