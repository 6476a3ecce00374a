package idnumber

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// docs/vectors/idnumber.json is read by the tablet's tests, too.
func TestTheGoldenNumbers(t *testing.T) {
	data, err := os.ReadFile("../../docs/vectors/idnumber.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Cases []struct {
			Name, In, Number, Birth, Sex string
			Fault                        Fault
		}
	}
	if err := json.Unmarshal(data, &golden); err != nil || len(golden.Cases) < 20 {
		t.Fatalf("%d cases, %v", len(golden.Cases), err)
	}
	for _, c := range golden.Cases {
		got, err := Parse(c.In)
		if c.Fault != "" {
			if !errors.Is(err, c.Fault) {
				t.Errorf("%s: %v, want %s", c.Name, err, c.Fault)
			}
			continue
		}
		if err != nil || string(got) != c.Number || got.BirthDate() != c.Birth || got.Sex() != c.Sex {
			t.Errorf("%s: %q %v, want %q", c.Name, got, err, c.Number)
		}
	}
}

func TestEveryFaultHasASentence(t *testing.T) {
	for _, f := range []Fault{FaultLength, FaultCharacter, FaultRegion, FaultBirth, FaultSequence, FaultChecksum, FaultCertificate, FaultOwner} {
		if f.Label() == "" {
			t.Errorf("%s has no label", f)
		}
	}
}

func TestWhatANumberSays(t *testing.T) {
	n := Number("11010519491231002X")
	if n.Region() != "110105" || n.BirthDate() != "1949-12-31" || n.Sex() != "2" {
		t.Errorf("got %s %s %s", n.Region(), n.BirthDate(), n.Sex())
	}
	if !n.BornBy(time.Date(1949, 12, 31, 0, 0, 0, 0, time.UTC)) || n.BornBy(time.Date(1949, 12, 30, 23, 0, 0, 0, time.UTC)) {
		t.Error("BornBy is off by a day")
	}
}

func TestMakeRefusesWhatIsNoNumber(t *testing.T) {
	day := time.Date(1980, 2, 29, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		region string
		born   time.Time
		seq    int
		want   Fault
	}{
		{"37028", day, 1, FaultRegion}, {"37028a", day, 1, FaultRegion}, {"970281", day, 1, FaultRegion},
		{"370281", day, 0, FaultSequence}, {"370281", day, 1000, FaultSequence},
		{"370281", time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC), 1, FaultBirth},
		{"370281", time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC), 1, FaultBirth},
	} {
		if _, err := Make(c.region, c.born, c.seq); !errors.Is(err, c.want) {
			t.Errorf("Make(%v) = %v; want %v", c, err, c.want)
		}
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"11010519491231002X":   "11**************2X",
		"110105491231002":      "11***********02",
		"37028119490101002X41": "37****************41",
		"E12345678":            "E1*****78",
		"1234":                 "****", "12": "**", "": "",
		"胶州市户口簿": "胶州**口簿",
	} {
		if got := Mask(in); got != want || Mask(got) != got {
			t.Errorf("Mask(%q) = %q; want %q", in, got, want)
		}
	}
	if !Masked("11**************2X") || Masked("11010519491231002X") {
		t.Error("Masked is wrong")
	}
}

func TestCertificate(t *testing.T) {
	id := "11010519491231002X"
	for in, want := range map[string]Certificate{
		id + "41":                    {Number(id), "4", "1", ""},
		id + "72B1":                  {Number(id), "7", "2", "B1"},
		id + "633":                   {Number(id), "6", "3", "3"},
		strings.ToLower(id) + "1412": {Number(id), "1", "4", "12"},
	} {
		got, err := CheckCertificate(in, "110105491231002")
		if err != nil || got != want {
			t.Errorf("CheckCertificate(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
	for in, want := range map[string]Fault{
		id + "4": FaultCertificate, id + "81": FaultCertificate, id + "45": FaultCertificate,
		id + "41123": FaultCertificate, id + "41X1": FaultCertificate, id + "41BB": FaultCertificate,
		"11010519491231002141": FaultChecksum,
	} {
		if _, err := CheckCertificate(in, id); !errors.Is(err, want) {
			t.Errorf("CheckCertificate(%q) = %v; want %v", in, err, want)
		}
	}
	if _, err := CheckCertificate(id+"41", "440524188001010014"); !errors.Is(err, FaultOwner) {
		t.Errorf("another's certificate: %v", err)
	}
	if _, err := CheckCertificate(id+"41", ""); !errors.Is(err, FaultLength) {
		t.Errorf("without an ID number: %v", err)
	}
}

func people(t *rapid.T) (region string, born time.Time, seq int, n Number) {
	region = rapid.StringMatching(`[1-8][0-9]{5}`).Draw(t, "region")
	born = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 54_000).Draw(t, "day"))
	seq = rapid.IntRange(1, 999).Draw(t, "seq")
	n, err := Make(region, born, seq)
	if err != nil {
		t.Fatal(err)
	}
	return region, born, seq, n
}

func TestMadeNumbersReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		region, born, seq, n := people(t)
		again, err := Parse(strings.ToLower(string(n)))
		if err != nil || again != n || n.Region() != region || !n.Birth().Equal(born) || (seq%2 == 1) != (n.Sex() == "1") {
			t.Fatalf("%s read back as %s, %v", n, again, err)
		}
	})
}

// ISO 7064 MOD 11-2 finds every single wrong digit and every swap of neighbours.
func TestSingleSlipsAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _, _, n := people(t)
		i := rapid.IntRange(0, 16).Draw(t, "place")
		other := []byte(n)
		if rapid.Bool().Draw(t, "swap") && i < 16 {
			other[i], other[i+1] = other[i+1], other[i]
		} else {
			other[i] = '0' + (other[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		}
		if string(other) != string(n) && Validate(string(other)) == nil {
			t.Fatalf("%s passes for %s", other, n)
		}
	})
}

func TestUpgradeKeepsThePerson(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, born, seq, n := people(t)
		if born.Year() > 1999 || seq >= 996 {
			return
		}
		if got, err := Parse(string(n[:6] + n[8:17])); err != nil || got != n {
			t.Fatalf("%s upgraded to %s, %v", n, got, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"11010519491231002X", "110105491231002", "１１０１０５", "37**************2X", "\xff\xfe", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := Parse(s)
		var fault Fault
		if err != nil {
			if !errors.As(err, &fault) || fault.Label() == "" || n != "" {
				t.Fatalf("%q: %q, %v", s, n, err)
			}
			return
		}
		if again, err := Parse(string(n)); err != nil || again != n || len(n.BirthDate()) != 10 {
			t.Fatalf("%q: %q reads back as %q, %v", s, n, again, err)
		}
		if _, err := ParseCertificate(string(n) + "41"); err != nil {
			t.Fatalf("%q: %v", n, err)
		}
	})
}

func TestTheOldFormOfANumberIsReadBackAsTheSame(t *testing.T) {
	n, err := Parse("11010519491231002X")
	if err != nil || n.Old() != "110105491231002" {
		t.Fatalf("%s %v", n.Old(), err)
	}
	if back, err := Parse(n.Old()); err != nil || back != n {
		t.Errorf("%s %v", back, err)
	}
	if young, err := Make("110105", time.Date(2004, 2, 29, 0, 0, 0, 0, time.UTC), 2); err != nil || young.Old() != "" {
		t.Errorf("%s of %s, %v", young.Old(), young, err)
	}
}
