package hooks

// papers are an application of a scene's, brought so far that a call on it can be made.
type papers struct{ household, application, determination, notice, objection, category string }

var because = func(*papers) any { return obj{"reason": "本人要求"} }

// staged is a call on papers at a stage: 0 a household with a category, 1 applied for,
// 2 accepted, 3 tested, 4 opined, 5 published, 6 objected to. Whoever calls has not
// given the opinion: nobody decides on their own.
func staged(stage int, path func(*papers) string, body func(*papers) any) func(*site, string, *scene) (string, any) {
	return func(s *site, who string, sc *scene) (string, any) {
		s.t.Helper()
		officer, village := sc.town, map[string]string{"worker": ownVillage, "farworker": farVillage}[sc.worker]
		if who == officer {
			officer = "county"
		}
		p := &papers{}
		p.household, _, _ = s.needy(sc.word, village)
		p.category = s.record("categories", obj{"household": p.household, "category": "subsistence", "from": "2025-01-01"})
		sc.ids = append(sc.ids, p.household, p.category)
		for _, step := range []func(){
			func() {
				p.application = s.the(200, officer, "POST", "/applications", obj{"household": p.household, "way": "own", "consents": consented})["id"].(string)
			},
			func() { s.the(200, officer, "POST", "/applications/"+p.application+"/accept", nil) },
			func() {
				p.determination = s.the(200, officer, "POST", "/applications/"+p.application+"/determine", checked())["id"].(string)
			},
			func() { s.the(200, officer, "POST", "/determinations/"+p.determination+"/confirm", obj{}) },
			func() {
				s.the(200, officer, "POST", "/determinations/"+p.determination+"/publish", obj{"place": "公开栏"})
				p.notice = s.the(200, officer, "GET", "/applications/"+p.application, nil)["notices"].([]any)[0].(obj)["id"].(string)
			},
			func() {
				p.objection = s.the(200, officer, "POST", "/publicity/"+p.notice+"/objections", obj{"text": "不符合"})["objections"].([]any)[0].(obj)["id"].(string)
			},
		}[:stage] {
			step()
		}
		var sent any
		if body != nil {
			sent = body(p)
		}
		return consolePrefix + path(p), sent
	}
}
