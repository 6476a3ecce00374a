package register

import (
	"strings"

	"doorstep/domain/handover"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// Hear does what another county says, in the transaction in which its message is read.
// What the table leads nowhere from changes nothing.
func (d *Handovers) Hear(tx *engine.Tx, w HandoverWord) error {
	side, other := handover.In, w.From
	switch {
	case len(w.Cards) > 0:
		return d.meet(tx, w.Cards)
	case w.Word == handover.Answers:
		side, other = handover.Out, w.To
	case w.To != d.County:
		return nil
	}
	if side == handover.Out && (w.From != d.County || !d.Keys.Mine(w.Ticket, w.ID, w.To, w.Household)) {
		return tx.Audit(engine.Server, "", "handover.strange", w.ID, other) // an answer to what was never offered
	}
	h, there, err := readHandover(tx, w.ID)
	if err != nil {
		return err
	}
	if !there {
		h = &handoverFile{ID: w.ID, Side: side, Other: other, Ticket: w.Ticket, Made: wire.Format(tx.Now()), Area: d.County}
		if h.Theirs = w.Household; side == handover.Out {
			h.Household, h.Theirs = w.Household, ""
		}
	}
	if h.Side != side || h.Other != other {
		return tx.Audit(engine.Server, "", "handover.strange", w.ID, other)
	}
	if (h.State == handover.Accepted || h.State == handover.Kept) && w.gives() {
		return d.given(tx, h, &w)
	}
	heard := handover.Hear(side, w.Word, h.State, w.Result)
	if !there && (heard.To == handover.None || side == handover.Out && !heard.Gives) {
		return nil
	}
	return d.follow(tx, h, heard, &w)
}

// follow is what follows from a word.
func (d *Handovers) follow(tx *engine.Tx, h *handoverFile, heard handover.Heard, w *HandoverWord) error {
	var tell saidWith
	if heard.Gives {
		if has, err := d.hasIt(tx, h); err != nil || has != "" {
			if err == nil {
				err = d.goneElsewhere(tx, h, w, has)
			}
			return err
		}
		since, err := grantedSince(tx, h)
		if err != nil {
			return err
		}
		if len(since) > 0 {
			tell.Text = handoverWords("since", strings.Join(since, "、"))
		}
	}
	if heard.To != handover.None {
		if err := d.turn(tx, h, heard, w); err != nil {
			return err
		}
		if tell.Text != "" {
			h.sayOnce(tx, tell.Text)
		}
		if err := h.heard(tx, w.Word, string(h.State)); err != nil {
			return err
		}
	}
	switch heard.Tells {
	case handover.Answers:
		return d.sayAnswer(tx, h, saidWith{})
	case handover.Settles:
		return d.saySettled(tx, h, w, tell)
	}
	return nil
}

// turn brings the book to its new state, and the register with it.
func (d *Handovers) turn(tx *engine.Tx, h *handoverFile, heard handover.Heard, w *HandoverWord) error {
	from, said := h.State, d.said(w)
	if h.State = heard.To; w.gives() {
		if err := d.given(tx, h, w); err != nil {
			return err
		}
	}
	switch {
	case w.Word == handover.Offers:
		return d.received(tx, h, w)
	case heard.Gives:
		h.Theirs, h.Begins = w.Taken, w.Begins
		h.say(tx, said.By, handoverWords("heard_taken", w.Begins), said.Text)
		if err := d.give(tx, h); err != nil {
			return err
		}
		return d.takeBackOthers(tx, h)
	case heard.Takes && from == handover.Yielded:
		return d.comesBack(tx, h, w)
	case heard.Takes && !region.Valid(w.Area): // nobody knows any more where: somebody has to ask
		h.State = handover.Clashed
		h.say(tx, "", w.clash(), "")
	case heard.Takes:
		h.say(tx, "", handoverWords("restored"), "")
		return d.takeIn(tx, engine.Server, h, taking{region: w.Area, begins: w.Begins, into: w.Taken, goesOn: !w.Anew})
	case w.Word == handover.Withdraws:
		h.say(tx, said.By, handoverWords("back"), said.Text)
	case h.State == handover.Clashed:
		text := w.clash()
		if said.Text != "" {
			text += "：" + said.Text
		}
		h.sayOnce(tx, text)
	default:
		h.say(tx, said.By, handoverWords("heard", handover.Label(h.Side, h.State)), said.Text)
	}
	return nil
}

// said is the text beside what was decided: without it that stands.
func (d *Handovers) said(w *HandoverWord) (out saidWith) {
	if w.Word != handover.Offers && len(w.Sealed) > 0 {
		if plain, err := d.Keys.Open(sealedAs(w), w.Sealed); err == nil {
			_ = json.Unmarshal(plain, &out)
		}
	}
	return out
}

// received opens what was offered. What this county cannot open it refuses, so that the
// household does not hang between two.
func (d *Handovers) received(tx *engine.Tx, h *handoverFile, w *HandoverWord) error {
	plain, err := d.Keys.Open(sealedAs(w), w.Sealed)
	if err == nil {
		err = json.Unmarshal(plain, &h.Body.Dossier)
	}
	if err != nil || len(h.Body.Dossier.Records["households"]) != 1 {
		h.Body.Dossier, h.State = Dossier{}, handover.Refused
		h.say(tx, "", handoverWords("unreadable"), "")
		return d.sayAnswer(tx, h, saidWith{Text: handoverWords("unreadable")})
	}
	h.brief()
	step, _ := handover.Take(handover.Out, handover.Offer, handover.None)
	h.say(tx, h.Body.Dossier.By, step.Label, h.Body.Dossier.Note)
	return nil
}

// meet keeps how other counties can be written to.
func (d *Handovers) meet(tx *engine.Tx, cards []HandoverCard) error {
	for _, c := range cards {
		if c.County == d.County {
			continue
		}
		if err := tx.Exec(`INSERT INTO province_counties (county, name, public) VALUES (?, ?, ?)
			ON CONFLICT (county) DO UPDATE SET name = excluded.name, public = excluded.public`, c.County, c.Name, c.Public); err != nil {
			return err
		}
	}
	return nil
}
