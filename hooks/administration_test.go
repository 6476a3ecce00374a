package hooks

import (
	"context"
	"strings"
	"testing"

	"doorstep/domain/region"
	"doorstep/register"
	"doorstep/sync/engine"
)

// spare is a worker of the scene's village whom nobody else needs.
func (s *site) spare(sc *scene) string {
	s.t.Helper()
	village := villageOfScene(sc)
	login := "spare" + newID()[24:] + "@test.test"
	if _, err := register.SetAccount(context.Background(), s.server.App, s.server.Engine, register.NewAccount{Email: login, Name: "备用", Role: "worker", Office: village, Areas: []string{village}, Password: password}); err != nil {
		s.t.Fatal(err)
	}
	rec, err := s.server.App.FindAuthRecordByEmail("users", login)
	if err != nil {
		s.t.Fatal(err)
	}
	return rec.Id
}

type slipAnswer struct{ Slip register.Slip }

// A town makes an account for its village, whose passphrase is on a slip and nowhere
// else; another slip ends the one before, and the village is handed over.
func TestATownKeepsItsVillagesAccounts(t *testing.T) {
	s := newSite(t)
	const accounts = consolePrefix + "/accounts"
	var made slipAnswer
	s.ask("town", "POST", accounts, map[string]any{"login": "13900001111", "name": "王村工", "role": "worker", "office": ownVillage, "areas": []string{ownVillage}}).into(t, &made)
	signIn := func(passphrase string) int {
		return s.ask("", "POST", "/api/collections/users/auth-with-password", map[string]any{"identity": "13900001111", "password": passphrase}).status
	}
	if made.Slip.Login != "13900001111" || signIn(made.Slip.Passphrase) != 200 {
		t.Fatalf("%+v", made)
	}
	for _, c := range []map[string]any{
		{"login": "13900001111", "name": "同名", "role": "worker", "office": ownVillage, "areas": []string{ownVillage}},
		{"login": "x1", "name": "别镇", "role": "worker", "office": farVillage, "areas": []string{farVillage}},
		{"login": "x2", "name": "自封", "role": "county", "office": "370281", "areas": []string{"370281"}},
		{"login": "有 空格", "name": "坏名", "role": "worker", "office": ownVillage, "areas": []string{ownVillage}},
	} {
		if r := s.ask("town", "POST", accounts, c); r.status != 422 {
			t.Errorf("%v: %d %s", c, r.status, r.body)
		}
	}
	var again slipAnswer
	s.ask("town", "POST", accounts+"/"+made.Slip.Account+"/slip", nil).into(t, &again)
	if signIn(made.Slip.Passphrase) == 200 || signIn(again.Slip.Passphrase) != 200 {
		t.Error("the slip before still opens, or the new one does not")
	}
	var page struct{ Items []register.AccountItem }
	list := s.ask("town", "GET", accounts+"?q=王村工", nil)
	list.into(t, &page)
	if len(page.Items) != 1 || !page.Items[0].Kept || page.Items[0].Slip == "" || strings.Contains(string(list.body), again.Slip.Passphrase) {
		t.Errorf("%s", list.body)
	}
	if r := s.ask("fartown", "POST", accounts+"/"+made.Slip.Account+"/slip", nil); r.status != 404 {
		t.Errorf("another town: %d %s", r.status, r.body)
	}
	if r := s.ask("county", "POST", accounts+"/"+s.people["auditor"]+"/slip", nil); r.status != 404 {
		t.Errorf("the county over the auditor: %d %s", r.status, r.body)
	}
	if r := s.ask("admin", "POST", accounts+"/"+s.people["admin"]+"/slip", nil); r.status != 404 {
		t.Errorf("one's own: %d %s", r.status, r.body)
	}
	s.ask("town", "POST", accounts+"/"+s.people["worker"]+"/handover", map[string]any{"to": made.Slip.Account, "area": ownVillage, "reason": "休假"}).into(t, &struct{}{})
	grants := func(id string) int {
		a, err := s.server.Engine.Account(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return len(a.Grants)
	}
	if grants(s.people["worker"]) != 0 || grants(made.Slip.Account) != 1 {
		t.Error("the village was not handed over")
	}
	// Accounts that never had a slip get theirs together; the next printing is empty.
	s.spare(&scene{worker: "worker"})
	var slips struct{ Items []register.Slip }
	s.ask("town", "POST", accounts+"/slips", map[string]any{"area": "370281102"}).into(t, &slips)
	n := len(slips.Items)
	s.ask("town", "POST", accounts+"/slips", map[string]any{"area": "370281102"}).into(t, &slips)
	if n == 0 || len(slips.Items) != 0 {
		t.Errorf("%d, then %d slips", n, len(slips.Items))
	}
}

// A village goes into another with its households and its workers' grants, and keeps
// its name in what was.
func TestAVillageIsMergedWithoutLosingHistory(t *testing.T) {
	s := newSite(t)
	t.Cleanup(func() { region.Install(nil) })
	const into = "370281102220"
	sc := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	name := region.FullName(ownVillage)
	order := func(more map[string]any) reply {
		more["reason"] = "行政区划调整"
		return s.ask("admin", "POST", consolePrefix+"/regions", more)
	}
	for _, c := range []map[string]any{
		{"code": ownVillage, "deed": "close"}, {"code": "370281102", "deed": "merge", "into": "370281105"}, {"code": ownVillage, "deed": "merge", "into": ownVillage},
		{"code": ownVillage, "deed": "add", "name": "重复"}, {"code": "370283102200", "deed": "add", "name": "外县"}, {"code": "370281", "deed": "rename", "name": "县"}, {"code": into, "deed": "rename", "name": " "},
	} {
		if r := order(c); r.status != 422 {
			t.Errorf("%v: %d %s", c, r.status, r.body)
		}
	}
	order(map[string]any{"code": ownVillage, "deed": "merge", "into": into}).into(t, &struct{}{})
	home, err := s.server.Engine.Household(t.Context(), engine.Server, sc.household)
	if err != nil || home.Region != into {
		t.Fatalf("%v %+v", err, home.Region)
	}
	a, err := s.server.Engine.Account(t.Context(), s.people["worker"])
	if err != nil || a.Office != into || len(a.Grants) != 1 || a.Grants[0].Value != into {
		t.Errorf("%v %+v", err, a)
	}
	if region.FullName(ownVillage) != name || region.Today(ownVillage) != into {
		t.Errorf("the village lost its name: %s", region.FullName(ownVillage))
	}
	var history struct{ Items []register.RegionChange }
	s.ask("town", "GET", consolePrefix+"/regions/"+ownVillage+"/history", nil).into(t, &history)
	if len(history.Items) != 1 || history.Items[0].Deed != "merge" || history.Items[0].Becomes != region.FullName(into) || history.Items[0].By != "admin" {
		t.Errorf("%+v", history.Items)
	}
	// A restart finds nothing left to do.
	if err := s.server.regions.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	order(map[string]any{"code": "370281102999", "deed": "add", "name": "新设社区居民委员会"}).into(t, &struct{}{})
	order(map[string]any{"code": "370281102999", "deed": "close"}).into(t, &struct{}{})
	if r := order(map[string]any{"code": "370281102999", "deed": "rename", "name": "又改"}); r.status != 422 {
		t.Errorf("one that is no more: %d %s", r.status, r.body)
	}
	var items struct{ Items []register.RegionItem }
	s.ask("town", "GET", consolePrefix+"/regions", nil).into(t, &items)
	states := map[string]register.RegionItem{}
	for _, it := range items.Items {
		states[it.Code] = it
	}
	if states[ownVillage].State != "merged" || states["370281102999"].State != "closed" || states[into].Households == 0 || states["370281105"].Code != "" {
		t.Errorf("%+v %+v", states[ownVillage], states[into])
	}
}
