package wire

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emmansun/gmsm/sm2"
)

// HandedOver is the last token of the messages by which a household goes from one county
// to another (docs/decisions/0058).
const HandedOver = "handover"

// Hand is one word of one county to another, passed on by the province. What is in the
// open is ids, days and codes, by which the province sees to it that each is told once
// and that nobody is taken for helped twice meanwhile; all else is sealed to whom it is
// for, and the province opens none of it.
type Hand struct {
	ID        string `json:"id"`   // of the handover, for ever; of a card the county's
	Word      string `json:"word"` // one of words
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	Household string `json:"household,omitempty"` // the record in the county that gives
	Ticket    string `json:"ticket,omitempty"`    // by which that county knows its own offer again, even if it has lost it
	Result    string `json:"result,omitempty"`    // of an answer and a settlement
	Taken     string `json:"taken,omitempty"`     // the record in the county that takes
	Area      string `json:"area,omitempty"`      // of it, so that a county that was restored can take it in again
	Begins    string `json:"begins,omitempty"`    // the day from which that county helps
	Anew      bool   `json:"anew,omitempty"`      // that county determines anew: no category goes on by itself
	Sealed    []byte `json:"sealed,omitempty"`
	Cards     []Card `json:"cards,omitempty"`
}

// Card is how a county can be written to.
type Card struct {
	County string `json:"county"`
	Name   string `json:"name"`
	Public []byte `json:"public"` // what is for it is sealed to this
}

// Words of a Hand. A card goes up; cards come down.
const (
	SaysOffer    = "offer"
	SaysWithdraw = "withdraw"
	SaysAnswer   = "answer"
	SaysSettled  = "settled"
	SaysCard     = "card"
	SaysCards    = "cards"
)

// mostCards bounds the cards in one message; publicBytes is an SM2 point.
const (
	mostCards   = 250
	mostName    = 80
	mostSealed  = 44 << 10 // in base64 and its message it stays below MostBytes
	publicBytes = 65
)

// Name is the message's for ever: the same word is the same message, however often it is
// said. Two answers that differ are two.
func (h *Hand) Name() string {
	switch h.Word {
	case SaysAnswer, SaysSettled:
		return h.ID + ":" + h.Word + ":" + h.Result
	case SaysCard:
		return h.ID + ":" + h.Word + ":" + nameOf(h.Cards)
	}
	return h.ID + ":" + h.Word
}

// Giver and Addressee: who may say it, and to whom it goes.
func (h *Hand) Giver() string {
	switch h.Word {
	case SaysAnswer:
		return h.To
	case SaysCard:
		return h.ID
	}
	return h.From
}

// Addressee is whom the province passes it to; "" nobody.
func (h *Hand) Addressee() string {
	switch h.Word {
	case SaysAnswer:
		return h.From
	case SaysOffer, SaysWithdraw, SaysSettled:
		return h.To
	}
	return ""
}

var results = []string{"accepted", "refused", "withdrawn"}

// check is of what can be known of a word without knowing the handover.
func (h *Hand) check() error {
	if len(h.Sealed) > mostSealed || len(h.Household) > 64 || len(h.Taken) > 64 || len(h.Area) > 12 || len(h.Ticket) > 64 || len(h.Begins) > 10 || len(h.ID) > 64 {
		return errors.New("province: a handover's word is too large")
	}
	switch h.Word {
	case SaysCard:
		if len(h.Cards) != 1 || h.Cards[0].County != h.ID {
			return errors.New("province: a card is not of its county")
		}
	case SaysCards:
		if len(h.Cards) > mostCards {
			return errors.New("province: too many cards")
		}
	case SaysOffer, SaysWithdraw, SaysAnswer, SaysSettled:
		if h.ID == "" || h.Household == "" || !IsCounty(h.From) || !IsCounty(h.To) || h.From == h.To || len(h.Cards) > 0 {
			return errors.New("province: a handover's word says not between whom")
		}
		if (h.Word == SaysAnswer || h.Word == SaysSettled) != slices.Contains(results, h.Result) {
			return fmt.Errorf("province: a handover's %s of %q", h.Word, h.Result)
		}
		if h.Result == "accepted" {
			if _, err := time.Parse(time.DateOnly, h.Begins); err != nil || h.Taken == "" {
				return errors.New("province: an acceptance without its day or its household")
			}
		}
		return nil
	default:
		return fmt.Errorf("province: a handover's word %q", h.Word)
	}
	for _, c := range h.Cards {
		if _, err := sm2.NewPublicKey(c.Public); err != nil || !IsCounty(c.County) || len(c.Public) != publicBytes || len(c.Name) > mostName {
			return fmt.Errorf("province: the card of county %q is none", c.County)
		}
	}
	return nil
}
