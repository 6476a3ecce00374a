package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"image/jpeg"
	"regexp"
	"testing"
	"time"

	"doorstep/domain/idnumber"
	"doorstep/domain/region"
	"doorstep/sync/policy"
)

var today = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)

func config(households int) Config { return Config{Seed: 1, Households: households, Today: today} }

func digest(c Config) string {
	hash := sha256.New()
	encode := json.NewEncoder(hash)
	for b := range Build(c) {
		if err := encode.Encode(b); err != nil {
			panic(err)
		}
	}
	return hex.EncodeToString(hash.Sum(nil))
}

func TestTheSameSeedGivesTheSameCountyByteForByte(t *testing.T) {
	first := digest(config(300))
	if again := digest(config(300)); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	other := config(300)
	other.Seed = 2
	if digest(other) == first {
		t.Error("another seed gives the same county")
	}
	later := config(300)
	later.Today = today.AddDate(0, 0, 1)
	if digest(later) == first {
		t.Error("another day gives the same county")
	}
	evening := config(300)
	evening.Today = today.Add(8 * time.Hour)
	if digest(evening) != first {
		t.Error("the hour changes the county")
	}
}

func TestEveryFieldAndValueIsOfTheRecordTypes(t *testing.T) {
	for b := range Build(config(800)) {
		for _, op := range b.Operations {
			kind := policy.Lookup(op.Type)
			if kind == nil {
				t.Fatalf("no type %s", op.Type)
			}
			for name, v := range op.Set {
				field := kind.Field(name)
				if field == nil {
					t.Fatalf("%s has no field %s", op.Type, name)
				}
				if err := field.CheckValue(v); err != nil {
					t.Fatalf("%s.%s = %v: %v", op.Type, name, v, err)
				}
				if !isOption(field, v) {
					t.Fatalf("%s.%s = %v: no option", op.Type, name, v)
				}
			}
			for _, field := range kind.Fields {
				if field.Required && op.Set[field.Name] == nil {
					t.Fatalf("%s lacks %s", op.Type, field.Name)
				}
			}
		}
	}
}

// isOption is stricter than the record types are: where they suggest words for a
// free list, the demo uses those only.
func isOption(field *policy.Field, v any) bool {
	if field.Options == nil {
		return true
	}
	items, ok := v.([]any)
	if !ok {
		items = []any{v}
	}
	for _, item := range items {
		known := false
		for _, o := range field.Options {
			known = known || o.Value == item
		}
		if !known {
			return false
		}
	}
	return true
}

var uuidv7 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestIdsAreNewAndReferencesComeAfterWhatTheyName(t *testing.T) {
	ids, last := map[string]bool{}, ""
	for b := range Build(config(800)) {
		seen := map[string]bool{}
		for i, op := range b.Operations {
			if ids[op.Record] || !uuidv7.MatchString(op.Record) {
				t.Fatalf("%s %s is taken or no UUIDv7", op.Type, op.Record)
			}
			ids[op.Record] = true
			if i > 0 && op.Type != "photos" && op.Set["household"] != b.Household {
				t.Fatalf("%s of another household", op.Type)
			}
			for _, name := range []string{"household", "member", "owner", "applicant"} {
				if ref, ok := op.Set[name].(string); ok && !seen[ref] {
					t.Fatalf("%s.%s names what has not come yet", op.Type, name)
				}
			}
			seen[op.Record] = true
		}
		if b.Operations[0].Record != b.Household || b.Household <= last {
			t.Fatalf("household %s after %s", b.Household, last)
		}
		last = b.Household
		if len(b.Operations) >= recordsApart/2 {
			t.Fatalf("%d records in a household", len(b.Operations))
		}
	}
}

func TestEverybodyHasANumberOfTheirOwnThatAgreesWithTheRecord(t *testing.T) {
	numbers := map[string]bool{}
	for b := range Build(config(2000)) {
		for _, op := range b.Operations {
			if op.Type != "members" {
				continue
			}
			number := op.Set["id_number"].(string)
			n, err := idnumber.Parse(number)
			if err != nil || numbers[number] || n.Region() != region.County || !n.BornBy(today) {
				t.Fatalf("ID number %s: %v", number, err)
			}
			if n.BirthDate() != op.Set["birth_date"] || n.Sex() != op.Set["sex"] {
				t.Fatalf("%s: record says %v, %v", number, op.Set["birth_date"], op.Set["sex"])
			}
			numbers[number] = true
			certificate, ok := op.Set["disability_certificate"].(string)
			if !ok {
				continue
			}
			if c, err := idnumber.CheckCertificate(certificate, number); err != nil || c.Kind != op.Set["disability_kind"] || c.Grade != op.Set["disability_grade"] {
				t.Fatalf("certificate %s: %v", certificate, err)
			}
		}
	}
}

func TestIdentitiesNeverRepeatThoughADayIsFull(t *testing.T) {
	taken, seen := identities{}, map[idnumber.Number]bool{}
	day := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 1200 {
		n, born := taken.draw(region.County, day, male)
		if seen[n] || n.Sex() != male || !n.Birth().Equal(born) {
			t.Fatalf("%d: %s", i, n)
		}
		seen[n] = true
	}
}

func TestPhotosAreSmallPicturesWithTheirOwnHash(t *testing.T) {
	files, households := 0, 0
	for b := range Build(config(300)) {
		records := map[string]map[string]any{}
		for _, op := range b.Operations {
			if op.Type == "photos" {
				records[op.Record] = op.Set
			}
		}
		if len(records) != len(b.Photos) {
			t.Fatalf("%d records, %d files", len(records), len(b.Photos))
		}
		if len(records) > 0 {
			households++
		}
		for _, p := range b.Photos {
			files++
			set := records[p.Record]
			sum := sha256.Sum256(p.JPEG)
			size, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG))
			if err != nil || float64(size.Width) != set["width"] || float64(size.Height) != set["height"] {
				t.Fatalf("picture: %v %v", err, size)
			}
			if set["sha256"] != hex.EncodeToString(sum[:]) || set["sha256"] != p.SHA256 || set["bytes"] != float64(len(p.JPEG)) || len(p.JPEG) > 40<<10 {
				t.Fatalf("%d bytes, record %v", len(p.JPEG), set)
			}
		}
	}
	if households < 15 || households > 60 {
		t.Errorf("%d photos of %d households; a few dozen are wanted", files, households)
	}
}
