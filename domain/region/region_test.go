package region

import "testing"

func TestTableIsWhole(t *testing.T) {
	if n := len(published.rows); n != 236 || len(published.byCode) != n {
		t.Fatalf("%d rows, %d codes; want 236: a county, 14 towns, 221 villages", n, len(published.byCode))
	}
	if len(Towns()) != 14 || len(Villages(County)) != 221 {
		t.Errorf("%d towns, %d villages", len(Towns()), len(Villages(County)))
	}
	sum := 0
	for _, town := range Towns() {
		sum += len(Villages(town.Code))
	}
	if sum != 221 {
		t.Errorf("the towns' villages add up to %d", sum)
	}
	for _, r := range published.rows {
		if !Valid(r.Code) || r.Name == "" || r.Short() == "" || !Contains(County, r.Code) {
			t.Errorf("bad row %+v", r)
		}
		if len(r.Code) == 12 && Name(Town(r.Code)) == "" {
			t.Errorf("%s has no town", r.Code)
		}
	}
}

func TestNames(t *testing.T) {
	for code, want := range map[string][2]string{
		"370281":       {"胶州市", "胶州市"},
		"370281102":    {"李哥庄镇", "胶州市李哥庄镇"},
		"370281102001": {"李新社区", "胶州市李哥庄镇李新社区"},
		"370281102200": {"港东新村", "胶州市李哥庄镇港东新村"},
		"370281105001": {"胶河", "胶州市铺集镇胶河"},
		"370281102999": {"", "胶州市李哥庄镇"},
		"110105":       {"", ""},
		"":             {"", ""},
		"3702":         {"", ""},
	} {
		if Name(code) != want[0] || FullName(code) != want[1] {
			t.Errorf("%s: %q, %q; want %q", code, Name(code), FullName(code), want)
		}
	}
	if r, ok := Lookup("370281102001"); !ok || !r.Urban() || r.Virtual() {
		t.Errorf("李新社区: %+v %v", r, ok)
	}
	if r, _ := Lookup("370281102200"); r.Urban() {
		t.Error("港东新村 is no residents' committee")
	}
	if r, _ := Lookup("370281400498"); !r.Virtual() {
		t.Error("the zone's placeholder is virtual")
	}
}

func TestShapeOfCodes(t *testing.T) {
	for code, want := range map[string]bool{
		"370281": true, "370281102": true, "370281102200": true, "999999999999": true,
		"": false, "37": false, "3702811": false, "37028110": false, "3702811022001": false,
		"070281": false, "37028a": false, "37028１": false, "370281%02": false,
	} {
		if Valid(code) != want {
			t.Errorf("Valid(%q) = %v", code, !want)
		}
	}
	for code, want := range map[string]string{"370281102200": "370281102", "370281102": "370281102", "370281": "", "": "", "37028110x200": ""} {
		if got := Town(code); got != want {
			t.Errorf("Town(%q) = %q", code, got)
		}
	}
}

func TestContains(t *testing.T) {
	for _, c := range []struct {
		prefix, code string
		want         bool
	}{
		{"370281", "370281102200", true}, {"370281102", "370281102200", true}, {"370281102200", "370281102200", true},
		{"370281102", "370281", false}, {"370281102200", "370281102220", false}, {"370281105", "370281102200", false},
		{"", "370281102200", false}, {"370281", "", false}, {"3702811", "370281102200", false}, {"370281", "3702811022", false},
	} {
		if Contains(c.prefix, c.code) != c.want {
			t.Errorf("Contains(%q, %q) = %v", c.prefix, c.code, !c.want)
		}
	}
}
