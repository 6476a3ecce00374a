package wire

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Streams and subjects. A county may publish below its own code alone and read what
// goes down to it alone: the servers' accounts see to that (docs/province.md).
const (
	Register = "REGISTER" // the stream of what goes up
	Down     = "DOWN"     // the stream of what comes back

	// Partitions is how many parts the stream's subjects are spread over by the county's
	// hash, when they are stored: as many consumers can work beside each other.
	Partitions = 16

	// Published and Stored are the subjects of the stream: the server rewrites one to the
	// other (SubjectTransform), so that a county knows nothing of partitions.
	Published = "register.*.*"
	Stored    = "up.{{partition(16,1)}}.{{wildcard(1)}}.{{wildcard(2)}}"

	// History is the last token of the messages that speak of a county's history itself.
	History = "history"
)

// Subject is where a county publishes a type.
func Subject(county, typ string) string { return "register." + county + "." + typ }

// PartitionSubjects are what the consumer of one partition reads.
func PartitionSubjects(partition int) string { return "up." + strconv.Itoa(partition) + ".>" }

// DownSubject is where a county reads what comes back.
func DownSubject(county string) string { return "down." + county }

// CountyOf is the county and the type in a subject as it is published or stored.
func CountyOf(subject string) (county, typ string, ok bool) {
	parts := strings.Split(subject, ".")
	if len(parts) == 4 && parts[0] == "up" {
		parts = parts[1:]
	} else if len(parts) != 3 || parts[0] != "register" {
		return "", "", false
	}
	return parts[1], parts[2], IsCounty(parts[1]) && parts[2] != ""
}

// IsCounty reports whether a text is a county's code (GB/T 2260, six digits).
func IsCounty(text string) bool {
	return len(text) == 6 && strings.Trim(text, "0123456789") == "" && text[0] != '0'
}

// Kind is what a message says.
type Kind string

const (
	Put   Kind = "put"   // the record is so now
	Gone  Kind = "gone"  // the record is no more
	Begin Kind = "begin" // a term begins: everything is told again, what was told before may be of a lost history
	Whole Kind = "whole" // everything up to Seq was told in this term: what was not, is not
	Says  Kind = "says"  // a word to another county (Hand); it is of no term
)

// Message is one message up. (County, Term, Seq, Record) names it for ever.
//
// A term is the county's epoch; where the county tells everything again within one epoch
// (the stream was lost, the county was away past what the feed remembers), a number is
// added to it. Which of two terms is the newer one is decided by the order in which the
// stream took their Begin.
type Message struct {
	Version   int            `json:"v"`
	Kind      Kind           `json:"kind"`
	County    string         `json:"county"`
	Term      string         `json:"term"`
	Seq       int64          `json:"seq"`
	Type      string         `json:"type,omitempty"`
	Record    string         `json:"record,omitempty"`
	Household string         `json:"household,omitempty"`
	Area      string         `json:"area,omitempty"` // the village's code
	Values    jsontext.Value `json:"values,omitempty"`
	Sealed    []byte         `json:"sealed,omitempty"`
	Blind     string         `json:"blind,omitempty"`
	Hand      *Hand          `json:"hand,omitempty"`
}

// Version of the messages. A province reads its own and all older ones, which is why it
// is upgraded first; columns are added without a new version. A message says the lowest
// version that knows it: words between counties came with the second.
const (
	Version = 2
	first   = 1
)

// MostBytes bounds a message: the largest of ours has some 2 KB.
const MostBytes = 64 << 10

// ID is the message's Nats-Msg-Id: county, term, seq, and the record, for a household
// that moves takes all its records along at one seq.
func (m *Message) ID() string {
	if m.Hand != nil {
		return m.County + ":" + m.Hand.Name()
	}
	id := m.County + ":" + m.Term + ":" + strconv.FormatInt(m.Seq, 10)
	if m.Record != "" {
		return id + ":" + m.Record
	}
	return id + ":" + string(m.Kind)
}

// Subject is where it is published.
func (m *Message) Subject() string {
	switch m.Kind {
	case Begin, Whole:
		return Subject(m.County, History)
	case Says:
		return Subject(m.County, HandedOver)
	}
	return Subject(m.County, m.Type)
}

// Encode writes a message.
func (m *Message) Encode() ([]byte, error) {
	if m.Version = first; m.Kind == Says {
		m.Version = Version
	}
	return json.Marshal(m)
}

// ErrNewer: the message is of a version that this program does not know.
var ErrNewer = errors.New("province: the message is of a newer version: upgrade the province before its counties")

// Decode reads a message as the stream has it, and holds it to its subject: a county
// speaks for itself alone.
func Decode(subject string, data []byte) (*Message, error) {
	if len(data) > MostBytes {
		return nil, fmt.Errorf("province: a message of %d bytes", len(data))
	}
	var m Message
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("province: no message: %w", err)
	}
	if m.Version > Version {
		return nil, ErrNewer
	}
	county, typ, ok := CountyOf(subject)
	switch {
	case !ok || m.Version < 1:
		return nil, fmt.Errorf("province: %s is no subject of ours, or version %d none", subject, m.Version)
	case m.Kind == Says:
		return &m, m.says(county, typ)
	case m.County != county || m.Term == "" || m.Seq < 0:
		return nil, fmt.Errorf("province: a message of county %q term %q seq %d under %s", m.County, m.Term, m.Seq, subject)
	case m.Kind == Begin || m.Kind == Whole:
		if typ != History {
			return nil, fmt.Errorf("province: a %s under %s", m.Kind, subject)
		}
	case m.Kind != Put && m.Kind != Gone:
		return nil, fmt.Errorf("province: a message of kind %q", m.Kind)
	case m.Type != typ || Lookup(typ) == nil || m.Record == "" || len(m.Record) > 64:
		return nil, fmt.Errorf("province: a record of type %q under %s", m.Type, subject)
	case m.Kind == Put && m.Values.Kind() != '{':
		return nil, errors.New("province: a record without values")
	}
	return &m, nil
}

// says is what can be wrong with a word to another county.
func (m *Message) says(county, typ string) error {
	if m.County != county || typ != HandedOver || m.Hand == nil || m.Hand.Giver() != county || m.Hand.Word == SaysCards {
		return fmt.Errorf("province: a word of county %q under %s.%s", m.County, county, typ)
	}
	return m.Hand.check()
}
