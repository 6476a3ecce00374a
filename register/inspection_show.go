package register

import (
	"context"
	"slices"

	"doorstep/domain/region"
	"doorstep/domain/supervision"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Samples lists the draws of the account's area, the newest first; that
// they were read is audited.
func (s *Supervision) Samples(ctx context.Context, by *engine.Account, origin string, limit int, after int64) (out []Sample, next string, err error) {
	err = s.Engine.View(ctx, func(v *engine.View) error {
		out, err = samplesOf(v, `WHERE EXISTS (SELECT 1 FROM json_each(?) WHERE area >= value AND area < value || '~') ORDER BY id DESC LIMIT ? OFFSET ?`, encode(by.Scope().Areas), limit+1, after)
		return err
	})
	if len(out) > limit {
		out, next = out[:limit], engine.NextPage(after+int64(limit))
	}
	if err == nil {
		err = s.Engine.Audit(ctx, by.ID, "", origin, "supervision.list", "", "samples")
	}
	return out, next, err
}

// Sample reads one with its households; that it was read is audited.
func (s *Supervision) Sample(ctx context.Context, by *engine.Account, origin, id string) (*Sample, error) {
	out, err := s.sample(ctx, by, id)
	if err == nil {
		err = s.Engine.Audit(ctx, by.ID, "", origin, "inspection.read", id, "")
	}
	return out, err
}

func (s *Supervision) sample(ctx context.Context, by *engine.Account, id string) (*Sample, error) {
	var out Sample
	err := s.Engine.View(ctx, func(v *engine.View) error {
		var err error
		if out, err = seenSample(v, by, id); err != nil {
			return err
		}
		results, err := entriesOf(v, `WHERE about = ? AND kind = ? ORDER BY id`, id, entryInspection)
		if err != nil {
			return err
		}
		for _, household := range out.drawn {
			item := SampleItem{Household: household, Results: []Entry{}}
			h, ok, err := v.Record("households", household)
			if err != nil {
				return err
			}
			if ok {
				item.HeadName, item.RegionName = h.Text("head_name"), region.FullName(h.Area())
			}
			for _, r := range results {
				if r.Household == household {
					item.Results = append(item.Results, r)
				}
			}
			out.Items = append(out.Items, item)
		}
		return nil
	})
	return &out, err
}

// Replay is a draw made again from what was kept, and the same question asked of today.
type Replay struct {
	Sample         string `json:"sample"`
	PopulationHash string `json:"population_hash"`
	Hashed         string `json:"hashed"` // what the kept population hashes to now
	Same           bool   `json:"same"`   // the kept population and seed give the households that were drawn
	TodayHash      string `json:"today_hash"`
	TodaySame      bool   `json:"today_same"` // nobody has come or gone since
}

// Replay draws a sample again. Nothing is stored.
func (s *Supervision) Replay(ctx context.Context, by *engine.Account, id string) (*Replay, error) {
	var out Replay
	err := s.Engine.View(ctx, func(v *engine.View) error {
		kept, err := seenSample(v, by, id)
		if err != nil {
			return err
		}
		population, err := unpack(kept.members)
		if err != nil {
			return err
		}
		today, err := populationOf(v, kept.Area, kept.Category)
		out = Replay{Sample: id, PopulationHash: kept.PopulationHash, Hashed: supervision.PopulationHash(population), TodayHash: supervision.PopulationHash(today)}
		out.Same = out.Hashed == kept.PopulationHash && slices.Equal(supervision.Draw(kept.Seed, population, kept.Asked), kept.drawn)
		out.TodaySame = out.TodayHash == kept.PopulationHash
		return err
	})
	return &out, err
}

func seenSample(q engine.Reader, by *engine.Account, id string) (Sample, error) {
	found, err := samplesOf(q, `WHERE id = ?`, id)
	if err != nil {
		return Sample{}, err
	}
	if len(found) == 0 || !seesArea(by, found[0].Area) {
		return Sample{}, wire.Err(wire.NotFound, "sample")
	}
	return found[0], nil
}

func samplesOf(q engine.Reader, where string, args ...any) ([]Sample, error) {
	rows, err := q.Query(`SELECT id, area, category, seed, method, asked, population, population_hash, members, drawn, purpose, drawn_on, name,
		(SELECT count(DISTINCT household) FROM supervision_entries e WHERE e.about = s.id AND e.kind = 'inspection'),
		(SELECT count(DISTINCT household) FROM supervision_entries e WHERE e.about = s.id AND e.kind = 'inspection' AND json_extract(e.body, '$.problem')) FROM inspection_samples s `+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := []Sample{}
	for rows.Next() {
		m, drawn := Sample{Items: []SampleItem{}}, ""
		if err := rows.Scan(&m.ID, &m.Area, &m.Category, &m.Seed, &m.Method, &m.Asked, &m.Population, &m.PopulationHash, &m.members, &drawn, &m.Purpose, &m.DrawnOn, &m.By, &m.Inspected, &m.Problems); err != nil {
			return nil, err
		}
		m.AreaName = region.FullName(m.Area)
		decode(drawn, &m.drawn)
		out = append(out, m)
	}
	return out, rows.Err()
}
