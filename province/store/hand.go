package store

import (
	"context"

	"doorstep/province/wire"

	"github.com/go-json-experiment/json"
)

// Words of counties to each other (docs/decisions/0058): the province passes each on once,
// and knows of a handover between whom it is, how it stands and from which day, so that
// nobody is taken for helped twice by it. What they say it cannot open.

// says takes in a word: what is to be told to whom is written in the transaction that
// moved the reader's place, under the word's name for ever.
func (a *applying) says(d *Delivered) error {
	h := d.Message.Hand
	if h.Word == wire.SaysCard {
		return a.card(h)
	}
	if between, err := a.between(h); err != nil || !between {
		if err == nil {
			err = a.refuse(d, "a handover between other counties: "+h.ID)
		}
		return err
	}
	return a.tell(h.Name(), h.Addressee(), h)
}

// rank: what a handover has come to is not undone by a word that comes late.
const rank = `array_position(ARRAY['offered', 'withdrawn', 'refused', 'accepted'], `

// between notes how a handover stands; false where its id is another one's.
func (a *applying) between(h *wire.Hand) (bool, error) {
	state := "offered"
	if h.Result != "" {
		state = h.Result
	}
	tag, err := a.tx.Exec(a.ctx, `INSERT INTO handovers AS h (id, giver, taker, household, taken, begins, state) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET state = CASE WHEN `+rank+`excluded.state) > `+rank+`h.state) THEN excluded.state ELSE h.state END,
			taken = CASE WHEN h.taken = '' THEN excluded.taken ELSE h.taken END, begins = CASE WHEN h.begins = '' THEN excluded.begins ELSE h.begins END
		WHERE h.giver = excluded.giver AND h.taker = excluded.taker AND h.household = excluded.household`,
		h.ID, h.From, h.To, h.Household, h.Taken, h.Begins, state)
	if err != nil || tag.RowsAffected() == 0 {
		return false, err
	}
	_, err = a.tx.Exec(a.ctx, `INSERT INTO looks (blind) SELECT DISTINCT blind FROM records WHERE county = $1 AND household = $2 AND blind <> ''`, h.From, h.Household)
	return true, err
}

// card keeps how a county can be written to, tells all others, and tells it of all others.
func (a *applying) card(h *wire.Hand) error {
	c := h.Cards[0]
	// One after the other: of two that come at the same moment in two partitions neither
	// would see the other, and nobody would be told.
	if _, err := a.tx.Exec(a.ctx, `SELECT pg_advisory_xact_lock($1)`, lockCards); err != nil {
		return err
	}
	tag, err := a.tx.Exec(a.ctx, `INSERT INTO cards AS c (county, name, public) VALUES ($1, $2, $3)
		ON CONFLICT (county) DO UPDATE SET name = excluded.name, public = excluded.public WHERE (c.name, c.public) <> (excluded.name, excluded.public)`, c.County, c.Name, c.Public)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	rows, err := a.tx.Query(a.ctx, `SELECT county, name, public FROM cards WHERE county <> $1 ORDER BY county`, c.County)
	if err != nil {
		return err
	}
	var others []wire.Card
	for rows.Next() {
		var o wire.Card
		if err := rows.Scan(&o.County, &o.Name, &o.Public); err != nil {
			return err
		}
		others = append(others, o)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, o := range others {
		if err := a.tell(h.Name()+">"+o.County, o.County, &wire.Hand{ID: c.County, Word: wire.SaysCards, Cards: h.Cards}); err != nil {
			return err
		}
	}
	if len(others) == 0 {
		return nil
	}
	return a.tell(h.Name()+"<", c.County, &wire.Hand{ID: c.County, Word: wire.SaysCards, Cards: others})
}

func (a *applying) tell(name, county string, h *wire.Hand) error {
	text, err := json.Marshal(h, json.Deterministic(true))
	if err != nil {
		return err
	}
	_, err = a.tx.Exec(a.ctx, `INSERT INTO words (name, county, text) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, name, county, text)
	return err
}

// Word is one for a county that a stream has not acknowledged.
type Word struct {
	Name   string
	County string
	Hand   *wire.Hand
}

// Untold are words that this stream has not acknowledged, in the order in which they were
// said. A stream that was made again has acknowledged none.
func (s *Store) Untold(ctx context.Context, stream string, most int) (out []Word, err error) {
	rows, err := s.Pool.Query(ctx, `SELECT name, county, text FROM words WHERE told <> $1 ORDER BY n LIMIT $2`, stream, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var w Word
		var text []byte
		if err := rows.Scan(&w.Name, &w.County, &text); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &w.Hand); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, rows.Err()
}

// Told notes that a stream acknowledged a word.
func (s *Store) Told(ctx context.Context, stream, name string) error {
	_, err := s.Pool.Exec(ctx, `UPDATE words SET told = $1 WHERE name = $2`, stream, name)
	return err
}
