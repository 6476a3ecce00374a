package register

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"doorstep/domain/region"
	"doorstep/domain/supervision"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// 抽查 (policy 五(三) 定期开展监督检查): households drawn from a stated seed, so that
// whoever doubts the draw can repeat it, and what was found at each.

// NewSample asks for a draw. ID is the client's: a draw asked for twice is one.
type NewSample struct {
	ID       string `json:"id" validate:"required,uuid"`
	Area     string `json:"area" validate:"required,max=12"`
	Category string `json:"category" validate:"max=20"` // "" whoever holds any today
	Seed     string `json:"seed" validate:"required,min=6,max=100"`
	Size     int    `json:"size" validate:"required,min=1,max=2000"`
	Purpose  string `json:"purpose" validate:"required,max=200"`
}

// Sample is a draw as it was made.
type Sample struct {
	ID             string       `json:"id"`
	Area           string       `json:"area"`
	AreaName       string       `json:"area_name"`
	Category       string       `json:"category"`
	Seed           string       `json:"seed"`
	Method         string       `json:"method"`
	Asked          int          `json:"asked"`
	Population     int          `json:"population"`
	PopulationHash string       `json:"population_hash"`
	Purpose        string       `json:"purpose"`
	DrawnOn        string       `json:"drawn_on"`
	By             string       `json:"by"`
	Inspected      int          `json:"inspected"`
	Problems       int          `json:"problems"`
	Items          []SampleItem `json:"items"` // in the order of the draw; none in a list
	drawn          []string
	members        []byte // the population, packed
}

// SampleItem is one household of a sample, with what was found: later words stand beside
// earlier ones.
type SampleItem struct {
	Household  string  `json:"household"`
	HeadName   string  `json:"head_name"`
	RegionName string  `json:"region_name"`
	Results    []Entry `json:"results"`
}

// mostPopulation bounds what is drawn from.
const mostPopulation = 500_000

// Draw draws a sample and keeps it with all that it takes to draw it again.
func (s *Supervision) Draw(ctx context.Context, by *engine.Account, origin string, n NewSample) (*Sample, error) {
	if !wire.IsUUIDv7(n.ID) {
		return nil, wire.Err(wire.Invalid, "id")
	}
	n.Seed, n.Purpose = strings.TrimSpace(n.Seed), strings.TrimSpace(n.Purpose)
	switch {
	case !region.Valid(n.Area) || !seesArea(by, n.Area):
		return nil, wire.InvalidField("area", supervisionWords("area"))
	case n.Category != "" && policy.Lookup("categories").Field("category").CheckValue(n.Category) != nil:
		return nil, wire.InvalidField("category", supervisionWords("category"))
	}
	err := s.Engine.Update(ctx, func(tx *engine.Tx) error {
		known, err := samplesOf(tx, `WHERE id = ?`, n.ID)
		if err != nil {
			return err
		}
		if len(known) > 0 {
			if k := known[0]; k.Area != n.Area || k.Category != n.Category || k.Seed != n.Seed || k.Asked != n.Size {
				return wire.Err(wire.IDTaken, "id")
			}
			return nil
		}
		population, err := populationOf(tx, n.Area, n.Category)
		if err != nil {
			return err
		}
		if len(population) == 0 || len(population) > mostPopulation {
			return wire.InvalidField("area", supervisionWords("population", len(population), mostPopulation))
		}
		packed, err := pack(population)
		if err != nil {
			return err
		}
		hash, drawn := supervision.PopulationHash(population), supervision.Draw(n.Seed, population, n.Size)
		if err := tx.Exec(`INSERT INTO inspection_samples (id, area, category, seed, method, asked, population, population_hash, members, drawn, purpose, drawn_on, account, name)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, n.ID, n.Area, n.Category, n.Seed, supervision.Method, n.Size, len(population), hash, packed, encode(drawn), n.Purpose, tx.Today(), by.ID, by.Name); err != nil {
			return err
		}
		return tx.Audit(by, origin, "inspection.draw", n.ID, encode(map[string]any{"seed": n.Seed, "population": hash, "drawn": supervision.PopulationHash(drawn)}))
	})
	if err != nil {
		return nil, err
	}
	return s.sample(ctx, by, n.ID)
}

// populationOf are the households of an area that hold a category today.
func populationOf(q engine.Reader, area, category string) ([]string, error) {
	return idsOf(q.Query(`SELECT DISTINCT h.id FROM households h JOIN categories c ON c.home = h.id WHERE h.deleted = 0 AND coalesce(h.state, '') <> 'closed' AND h.area >= ?1 AND h.area < ?1 || '~'
		AND c.deleted = 0 AND (?2 = '' OR c.category = ?2) AND c."from" <= ?3 AND (coalesce(c."to", '') = '' OR c."to" >= ?3) ORDER BY h.id LIMIT ?4`, area, category, q.Today(), mostPopulation+1))
}

func pack(ids []string) ([]byte, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, strings.Join(ids, "\n"))
	err = errors.Join(err, w.Close()) // what is packed is whole only now
	return out.Bytes(), err
}

func unpack(packed []byte) ([]string, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(r, mostPopulation*64))
	return strings.Split(string(text), "\n"), errors.Join(err, r.Close())
}

// NewInspection is what was found at one household of a sample.
type NewInspection struct {
	ID          string   `json:"id" validate:"required,uuid"`
	Household   string   `json:"household" validate:"required,uuid"`
	Result      string   `json:"result" validate:"required,max=20"`
	Text        string   `json:"text" validate:"max=2000"`
	InspectedOn string   `json:"inspected_on" validate:"required,datetime=2006-01-02"`
	Inspectors  []string `json:"inspectors" validate:"required,min=1,max=6,dive,required,max=40"`
}

// Inspect enters what was found; who has kin there does not.
func (s *Supervision) Inspect(ctx context.Context, by *engine.Account, origin, sample string, n NewInspection) (*Sample, error) {
	result, ok := supervision.ResultOf(n.Result)
	if !ok {
		return nil, wire.InvalidField("result", supervisionWords("result"))
	}
	if n.Text = strings.TrimSpace(n.Text); result.Problem && n.Text == "" {
		return nil, wire.InvalidField("text", supervisionWords("problem"))
	}
	err := s.Engine.Update(ctx, func(tx *engine.Tx) error {
		found, err := seenSample(tx, by, sample)
		if err != nil {
			return err
		}
		if !slices.Contains(found.drawn, n.Household) {
			return wire.Err(wire.NotFound, "household")
		}
		if n.InspectedOn < found.DrawnOn || n.InspectedOn > tx.Today() {
			return wire.InvalidField("inspected_on", supervisionWords("inspected_on"))
		}
		ties, err := tiesOf(tx, n.Household)
		if err != nil {
			return err
		}
		if err := boundBy(ties, by.ID, by.Name, "household"); err != nil {
			return err
		}
		for _, name := range n.Inspectors {
			if err := boundBy(ties, "", strings.TrimSpace(name), "inspectors"); err != nil {
				return err
			}
		}
		return enterFor(tx, by, origin, Entry{ID: n.ID, Kind: entryInspection, Area: found.Area, Household: n.Household, About: sample},
			map[string]any{"result": n.Result, "problem": result.Problem, "text": n.Text, "inspected_on": n.InspectedOn, "inspectors": n.Inspectors})
	})
	if err != nil {
		return nil, err
	}
	return s.sample(ctx, by, sample)
}
