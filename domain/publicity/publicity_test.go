package publicity

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

const today = "2026-11-26"

var amount = 620.0

func family() Case {
	return Case{Head: Person{"匡树林", "1950-03-01"}, Village: "李新社区", Category: "最低生活保障", Headcount: 3, Amount: &amount,
		Period: "2026年12月起", Hotline: "12345", From: "2026-11-26", To: "2026-12-02"}
}

// 五(三), domain §8: these fields and no other. A further one must be argued here.
func TestANoticeShowsTheseFieldsAndNoOther(t *testing.T) {
	var fields []string
	for i := range reflect.TypeFor[Notice]().NumField() {
		fields = append(fields, reflect.TypeFor[Notice]().Field(i).Name)
	}
	if !slices.Equal(fields, []string{"Name", "Village", "Category", "Headcount", "Amount", "Period", "Hotline", "From", "To"}) {
		t.Errorf("a notice shows %v", fields)
	}
	want := Notice{"匡树林", "李新社区", "最低生活保障", 3, &amount, "2026年12月起", "12345", "2026-11-26", "2026-12-02"}
	if got := NoticeOf(family(), today); got != want {
		t.Errorf("%+v", got)
	}
}

func TestNoMinorsNameIsShown(t *testing.T) {
	for _, c := range []struct {
		name, born string
		head       bool
		want       string
	}{
		{"a child admitted alone", "2015-09-01", false, minor},
		{"the day before eighteen", "2008-11-27", false, minor},
		{"eighteen today", "2008-11-26", false, "匡晨"},
		{"an orphan as head", "2012-01-01", true, minor},
		{"an age that nobody knows", "", true, "匡晨"},
	} {
		in, p := family(), Person{"匡晨", c.born}
		if c.head {
			in.Head = p
		} else {
			in.Subject = &p
		}
		if got := NoticeOf(in, today); got.Name != c.want {
			t.Errorf("%s: %q", c.name, got.Name)
		}
	}
}

func TestWhoIsAdmittedAloneIsShownAsOnePerson(t *testing.T) {
	in := family()
	in.Subject = &Person{"匡兰英", "1955-01-01"}
	if got := NoticeOf(in, today); got.Name != "匡兰英" || got.Headcount != 1 {
		t.Errorf("%+v", got)
	}
}

func TestANameIsShownExactlyIfItsBearerIsOfAge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.IntRange(1930, 2025).Draw(t, "year")
		in := family()
		in.Head = Person{"名字", fmt.Sprintf("%d-06-15", year)}
		if got := NoticeOf(in, today).Name == "名字"; got != (year <= 2008) {
			t.Fatalf("born %d: shown %v", year, got)
		}
	})
}
