package dci

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Desk is the senders' file: who this registry is, and who may ask it what.
type Desk struct {
	ID      string   `toml:"id"`     // by which senders call this registry: receiver_id
	Senders []Sender `toml:"sender"` // whoever is not here is refused
}

// Sender is a system that may ask.
type Sender struct {
	ID         string   `toml:"id"`
	Name       string   `toml:"name"` // of the office that runs it, for the audit log
	Keys       []Key    `toml:"key"`
	Purposes   []string `toml:"purposes"`   // a search names one
	Attributes []string `toml:"attributes"` // what it may ask with and is answered
	Areas      []string `toml:"areas"`      // administrative codes; whose households it sees
	Predicates bool     `toml:"predicates"` // may search, too; else it asks after known people
	Whole      bool     `toml:"whole_numbers"`
	Page       int      `toml:"page"`       // records in an answer, at most
	Found      int      `toml:"found"`      // records that one search may find
	PerMinute  int      `toml:"per_minute"` // searches
	PerDay     int      `toml:"per_day"`
}

// Key is a sender's public one.
type Key struct {
	ID        string `toml:"id"`
	Algorithm string `toml:"algorithm"`
	Public    string `toml:"public"` // base64: of ed25519 32 bytes, of sm2 the point uncompressed

	public any
}

// Bounds of what a file may allow, and what holds where it says nothing.
const (
	MostSearches = 20  // in one message
	mostPage     = 500 // records in an answer
	mostFound    = 10000
	mostPerDay   = 1000000
	mostSenders  = 200
)

// ParseDesk reads and checks the file. Its errors say in Chinese what to do.
func ParseDesk(text []byte) (*Desk, error) {
	var d Desk
	dec := toml.NewDecoder(strings.NewReader(string(text))).DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		var strict *toml.StrictMissingError
		if errors.As(err, &strict) {
			return nil, fmt.Errorf(textUnknownKey, strict.String())
		}
		return nil, fmt.Errorf(textNoTOML, err)
	}
	if d.ID == "" || strings.ContainsAny(d.ID, `|"`) {
		return nil, errors.New(textDeskID)
	}
	if len(d.Senders) == 0 || len(d.Senders) > mostSenders {
		return nil, fmt.Errorf(textSenders, mostSenders)
	}
	seen := map[string]bool{}
	for i := range d.Senders {
		s := &d.Senders[i]
		if seen[s.ID] {
			return nil, fmt.Errorf(textTwice, s.ID)
		}
		seen[s.ID] = true
		if err := s.check(); err != nil {
			return nil, fmt.Errorf(textOfSender, s.ID, err)
		}
	}
	return &d, nil
}

func (s *Sender) check() error {
	s.Page, s.Found = or(s.Page, 20), or(s.Found, 1000)
	s.PerMinute, s.PerDay = or(s.PerMinute, 60), or(s.PerDay, 5000)
	switch {
	case s.ID == "" || strings.ContainsAny(s.ID, `|"`) || len(s.ID) > 99:
		return errors.New(textSenderID)
	case s.Name == "":
		return errors.New(textSenderName)
	case len(s.Keys) == 0:
		return errors.New(textNoKey)
	case len(s.Purposes) == 0:
		return errors.New(textNoPurpose)
	case len(s.Areas) == 0 || slices.ContainsFunc(s.Areas, func(a string) bool { return len(a) < 2 || len(a) > 12 || !digits(a) }):
		return errors.New(textNoArea)
	case len(s.Attributes) == 0:
		return errors.New(textNoAttribute)
	case s.Page < 1 || s.Page > mostPage || s.Found < 1 || s.Found > mostFound || s.PerMinute < 1 || s.PerDay < 1 || s.PerDay > mostPerDay:
		return fmt.Errorf(textBounds, mostPage, mostFound, mostPerDay)
	}
	for _, a := range s.Attributes {
		if FindAttribute(a) == nil {
			return fmt.Errorf(textUnknownAttribute, a, strings.Join(Names(), "、"))
		}
	}
	for i := range s.Keys {
		k := &s.Keys[i]
		a, known := algorithms[k.Algorithm]
		if !known || k.ID == "" || strings.ContainsAny(k.ID, `|"`) {
			return fmt.Errorf(textAlgorithm, k.ID)
		}
		raw, err := base64.StdEncoding.DecodeString(k.Public)
		if err == nil {
			k.public, err = a.Key(raw)
		}
		if err != nil {
			return fmt.Errorf(textBadKey, k.ID, err)
		}
	}
	return nil
}

func or(v, standard int) int {
	if v == 0 {
		return standard
	}
	return v
}

// Names are the attributes'.
func Names() []string {
	out := make([]string, len(Attributes))
	for i, a := range Attributes {
		out[i] = a.Name
	}
	return out
}

// Find is the sender of a name; nil: none.
func (d *Desk) Find(id string) *Sender {
	i := slices.IndexFunc(d.Senders, func(s Sender) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &d.Senders[i]
}

// Key is a sender's key of a name.
func (s *Sender) Key(id, algorithm string) (Key, bool) {
	i := slices.IndexFunc(s.Keys, func(k Key) bool { return k.ID == id && k.Algorithm == algorithm })
	if i < 0 {
		return Key{}, false
	}
	return s.Keys[i], true
}

// Sees reports whether a sender is answered an attribute.
func (s *Sender) Sees(attribute string) bool { return slices.Contains(s.Attributes, attribute) }
