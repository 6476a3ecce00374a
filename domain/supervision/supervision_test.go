package supervision

import "testing"

func TestWhoeverIsTiedKeepsOut(t *testing.T) {
	byAccount, byName := Tie{Staff: "a1", StaffName: "王芳"}, Tie{StaffName: "王芳"}
	for _, c := range []struct {
		what          string
		tie           Tie
		account, name string
		want          bool
	}{
		{"the account", byAccount, "a1", "王芳", true},
		{"the account under a new name", byAccount, "a1", "王方", true},
		{"another of the same name", byAccount, "a2", "王芳", false},
		{"somebody without an account who is called so", byAccount, "", "王芳", true},
		{"a list's name", byName, "a2", "王芳", true},
		{"a list's name, no account", byName, "", "王芳", true},
		{"another name", byName, "a2", "王方", false},
		{"a list without a name", Tie{}, "", "", false},
	} {
		if got := c.tie.Binds(c.account, c.name); got != c.want {
			t.Errorf("%s: %v", c.what, got)
		}
	}
	if tie, bound := Bound([]Tie{{Staff: "x"}, byAccount}, "a1", ""); !bound || tie.Staff != "a1" {
		t.Errorf("of two: %v %v", tie, bound)
	}
	if _, bound := Bound(nil, "a1", "王芳"); bound {
		t.Error("bound by nothing")
	}
}

func TestEachRelationHasAWordAndAnOrigin(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Relations() {
		if seen[r.Code] || r.Label == "" || r.Origin != "N" && r.Origin != "C" || !IsRelation(r.Code) || RelationLabel(r.Code) != r.Label {
			t.Errorf("%+v", r)
		}
		seen[r.Code] = true
	}
	if IsRelation("friend") || RelationLabel("friend") != "friend" {
		t.Error("a friend is kin")
	}
}
