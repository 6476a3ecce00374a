package register

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"doorstep/domain/handover"
	"doorstep/domain/region"
	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
)

// HandoverWord is what one county says to another, as the stream carries it. What is in
// the open is ids, days and codes; Sealed is for its addressee alone.
type HandoverWord struct {
	ID        string         `json:"id"`
	Word      handover.Word  `json:"word"`
	From      string         `json:"from"`
	To        string         `json:"to"`
	Household string         `json:"household"`
	Ticket    string         `json:"ticket"`
	Result    handover.State `json:"result"`
	Taken     string         `json:"taken"`
	Area      string         `json:"area"`
	Begins    string         `json:"begins"`
	Anew      bool           `json:"anew"`
	Sealed    []byte         `json:"sealed"`
	Cards     []HandoverCard `json:"cards"`
}

// gives: the county that gives says that it has given.
func (w *HandoverWord) gives() bool {
	return w.Word == handover.Settles && w.Result == handover.Accepted
}

// clash says what the other county has that does not go with what is here.
func (w *HandoverWord) clash() string {
	return handoverWords("clash", handover.Label(handover.Out, w.Result))
}

// HandoverCard is how a county can be written to.
type HandoverCard struct {
	County string `json:"county"`
	Name   string `json:"name"`
	Public []byte `json:"public"`
}

// handoverCard is the word by which a county introduces itself.
const handoverCard handover.Word = "card"

// saidWith is what is sealed of a withdrawal, an answer and a settlement.
type saidWith struct {
	Text   string `json:"text"`
	By     string `json:"by"`
	Office string `json:"office"`
}

func saidBy(by *engine.Account, text string) saidWith {
	return saidWith{Text: text, By: by.Name, Office: region.FullName(by.Office)}
}

// put lays a word out for the stream; said again it is the same one. name: of the word,
// for ever.
func (d *Handovers) put(tx *engine.Tx, name string, w HandoverWord) error {
	return tx.Exec(`INSERT OR IGNORE INTO handover_words (name, word, told) VALUES (?, ?, '')`, name, encode(w))
}

// Introduce lays out how this county can be written to, where that is new.
func (d *Handovers) Introduce(tx *engine.Tx) error {
	public, err := d.Keys.Public()
	if err != nil {
		return err
	}
	card := HandoverCard{d.County, region.FullName(d.County), public}
	if card.Name == "" {
		card.Name = d.County
	}
	sum := sha256.Sum256([]byte(encode(card)))
	return d.put(tx, d.County+":card:"+hex.EncodeToString(sum[:8]), HandoverWord{ID: d.County, Word: handoverCard, Cards: []HandoverCard{card}})
}

// between is a word of a handover, without what it says.
func (d *Handovers) between(h *handoverFile, word handover.Word) HandoverWord {
	w := HandoverWord{ID: h.ID, Word: word, From: d.County, To: h.Other, Household: h.Household, Ticket: h.Ticket}
	if h.Side == handover.In {
		w.From, w.To, w.Household = h.Other, d.County, h.Theirs
	}
	return w
}

// seal seals a text to the other county; none where it is not known how.
func (d *Handovers) seal(tx *engine.Tx, w *HandoverWord, to string, v any) error {
	card, err := countyCard(tx, to)
	if err != nil || card == nil {
		return err
	}
	plain, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return err
	}
	w.Sealed, err = d.Keys.Seal(card.public, sealedAs(w), plain)
	if errors.Is(err, ErrHandoverLarge) {
		err = refuseHandover("household", "large")
	}
	return err
}

// sealedAs binds what is sealed to the word that carries it.
func sealedAs(w *HandoverWord) string { return w.ID + "/" + w.From + "/" + w.To + "/" + string(w.Word) }

func (d *Handovers) sayOffer(tx *engine.Tx, h *handoverFile) error {
	w := d.between(h, handover.Offers)
	if err := d.seal(tx, &w, h.Other, h.Body.Dossier); err != nil {
		return err
	}
	return d.put(tx, h.ID+":offer", w)
}

func (d *Handovers) sayWithdraw(tx *engine.Tx, h *handoverFile, s saidWith) error {
	w := d.between(h, handover.Withdraws)
	if err := d.seal(tx, &w, h.Other, s); err != nil {
		return err
	}
	return d.put(tx, h.ID+":withdraw", w)
}

// sayAnswer tells the county that gives what this one has decided.
func (d *Handovers) sayAnswer(tx *engine.Tx, h *handoverFile, s saidWith) error {
	w := d.between(h, handover.Answers)
	w.Result = h.State
	if h.State == handover.Accepted {
		w.Taken, w.Area, w.Begins, w.Anew = h.Household, h.Area, h.Begins, h.Body.Anew
	}
	if err := d.seal(tx, &w, h.Other, s); err != nil {
		return err
	}
	return d.put(tx, h.ID+":answer:"+string(w.Result), w)
}

// saySettled tells the county that takes how this one has it: one that was restored learns
// from it what it had decided.
func (d *Handovers) saySettled(tx *engine.Tx, h *handoverFile, answer *HandoverWord, s saidWith) error {
	w := d.between(h, handover.Settles)
	if w.Result = h.State; h.State == handover.Accepted {
		w.Taken, w.Begins = h.Theirs, h.Begins
		if answer.Result == handover.Accepted && answer.Taken == h.Theirs {
			w.Area, w.Anew = answer.Area, answer.Anew
		}
	}
	if s.Text != "" {
		if err := d.seal(tx, &w, h.Other, s); err != nil {
			return err
		}
	}
	return d.put(tx, h.ID+":settled:"+string(w.Result), w)
}

// Unsaid are the words that a stream has not acknowledged, in their order.
func (d *Handovers) Unsaid(q engine.Reader, stream string, most int) (names []string, out []HandoverWord, err error) {
	rows, err := q.Query(`SELECT name, word FROM handover_words WHERE told <> ? ORDER BY n LIMIT ?`, stream, most)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, nil, err
		}
		var w HandoverWord
		if err := json.Unmarshal([]byte(text), &w); err != nil {
			return nil, nil, err
		}
		names, out = append(names, name), append(out, w)
	}
	return names, out, rows.Err()
}

// Said notes that a stream has acknowledged words.
func (d *Handovers) Said(tx *engine.Tx, stream string, names []string) error {
	return tx.Exec(`UPDATE handover_words SET told = ? WHERE name IN (SELECT value FROM json_each(?))`, stream, encode(names))
}
