// Package interop answers systems of other offices that search this register by the
// interface of package dci: it opens the senders' file and this registry's own key, checks
// who asks, for what and how often, and signs the answer. It knows no database: what is
// found, and where each search is entered for the auditors, is a Register's, the county's
// or the province's.
package interop

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"doorstep/durable"
	"doorstep/interop/dci"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// KeyFile is the name of the registry's own key in a data directory.
const KeyFile = "interop.key"

// MaxBody bounds a message.
const MaxBody = 256 << 10

// Arrival is a message whose signature holds.
type Arrival struct {
	Sender    *dci.Sender
	MessageID string
	Searches  int
	Origin    string
}

// Inquiry is one search of it, checked.
type Inquiry struct {
	Arrival
	Reference string
	Purpose   string
	Group     bool // households are answered, else people
	Where     dci.Condition
	Sort      []dci.Sort
	Size      int
	Page      int // from 1
}

// Found is what a search found: the records of its page, of how many.
type Found struct {
	Total   int
	People  []dci.Individual
	Homes   []dci.Household
	Subject string // the record, where it is one
}

// Entry is a search as it is entered for the auditors, before it is answered.
type Entry struct {
	Inquiry
	Reason  dci.Reason // why it was rejected; "" it was answered
	Total   int
	Subject string
}

// Register is what is searched.
type Register interface {
	// Admit enters a message, once, and answers why it is not taken: RepeatedMessage or
	// TooManyRequests; "" where it is.
	Admit(ctx context.Context, a Arrival) (dci.Reason, error)
	// Find answers a search within the sender's areas; dci.TooManyRecords is an error.
	Find(ctx context.Context, q Inquiry) (Found, error)
	// Enter writes the searches of a message into the audit log.
	Enter(ctx context.Context, entries []Entry) error
}

// Desk answers.
type Desk struct {
	senders  *dci.Desk
	signer   dci.Signer
	register Register
	now      func() time.Time
	newID    func() string
	mask     func(string) string

	waiting, answering chan struct{}
}

// Config is what a desk is made of.
type Config struct {
	Senders  string // the file
	KeyFile  string // of this registry's own key (KeyFile): made if it is not there
	Register Register
	Now      func() time.Time
	NewID    func() string
	Mask     func(string) string // a number for whom whole ones are not answered
	Random   io.Reader
	// Lacks are attributes that this register does not have: a sender's file may name none.
	Lacks []string
}

// keyName is the name of the one key that this registry signs by.
const keyName = "k1"

// Open reads the files. Its errors say in Chinese what to do.
func Open(c Config) (*Desk, error) {
	senders, err := readSenders(c.Senders, c.Lacks)
	if err != nil {
		return nil, err
	}
	private, err := ownKey(c.KeyFile, c.Random)
	if err != nil {
		return nil, err
	}
	return &Desk{senders: senders, signer: dci.Signer{ID: senders.ID, Key: keyName, Private: private}, register: c.Register, now: c.Now, newID: c.NewID, mask: c.Mask,
		waiting: make(chan struct{}, queue), answering: make(chan struct{}, slots)}, nil
}

// Check reads the senders' file alone: whether a start would succeed.
func Check(senders string) error {
	_, err := readSenders(senders, nil)
	return err
}

func readSenders(file string, lacks []string) (*dci.Desk, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf(textNoFile, err)
	}
	senders, err := dci.ParseDesk(text)
	if err != nil {
		return nil, fmt.Errorf(textBadFile, file, err)
	}
	for i := range senders.Senders {
		for _, a := range lacks {
			if s := &senders.Senders[i]; s.Sees(a) {
				return nil, fmt.Errorf(textLacks, file, s.ID, a)
			}
		}
	}
	return senders, nil
}

// Public is this registry's key as senders are told it.
func (d *Desk) Public() string {
	return base64.StdEncoding.EncodeToString(d.signer.Private.Public().(ed25519.PublicKey))
}

// ID is this registry's name; Senders how many may ask.
func (d *Desk) ID() string { return d.signer.ID }

// Senders is how many may ask.
func (d *Desk) Senders() int { return len(d.senders.Senders) }

// ownKey reads the private key, or makes it where there is none.
func ownKey(path string, random io.Reader) (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		_, private, err := ed25519.GenerateKey(random)
		if err != nil {
			return nil, err
		}
		der, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			return nil, err
		}
		return private, durable.WriteFile(path, bytes.NewReader(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	}
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf(textBadOwnKey, path)
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	private, ok := any.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, fmt.Errorf(textBadOwnKey, path)
	}
	return private, nil
}

// seal signs an answer.
func (d *Desk) seal(h dci.AnswerHeader, body dci.Response) (*dci.Envelope, error) {
	header, err := json.Marshal(h, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	message, err := json.Marshal(body, json.Deterministic(true), json.FormatNilSliceAsNull(false))
	if err != nil {
		return nil, err
	}
	signature, err := d.signer.Sign(header, message, d.now())
	return &dci.Envelope{Signature: signature, Header: jsontext.Value(header), Message: jsontext.Value(message)}, err
}
