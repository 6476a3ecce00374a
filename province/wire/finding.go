package wire

import (
	"errors"

	"github.com/emmansun/gmsm/sm2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Finding is what only the province can see, told to one county: of a member of its own
// register, by the record's id. Of the other county it says which, never whom.
type Finding struct {
	ID     string         `json:"id"`
	County string         `json:"county"` // whom it is for
	Kind   string         `json:"kind"`   // one of FindingKinds
	Member string         `json:"member"`
	AsOf   string         `json:"as_of"` // YYYY-MM-DD
	Values map[string]any `json:"values"`
}

// FindingKinds are what can be found; the counties' indicators know them by these names.
var FindingKinds = []string{"helped_elsewhere", "death", "works_elsewhere", "moved"}

// signed is a finding as it goes down: the text, and the province's signature of it (SM2
// with SM3, GB/T 32918).
type signed struct {
	Version   int            `json:"v"`
	Text      jsontext.Value `json:"text"`
	Signature []byte         `json:"signature"`
}

// Signer signs what goes down.
type Signer struct{ key *sm2.PrivateKey }

// NewSigner is the province's.
func NewSigner(k *ProvinceKeys) (*Signer, error) {
	key, err := sm2.NewPrivateKey(k.Signing)
	return &Signer{key}, err
}

// Sign writes a finding with its signature. random is the source of the signature's.
func (s *Signer) Sign(f *Finding, random randomness) ([]byte, error) { return s.sign(first, f, random) }

// SignHand does so with a word of another county, for one county. An older county's
// program waits at it until it is upgraded: none is sent to a county without a card.
func (s *Signer) SignHand(county string, h *Hand, random randomness) ([]byte, error) {
	return s.sign(Version, told{County: county, Hand: h}, random)
}

// told is a word of another county as it goes down.
type told struct {
	County string `json:"county"` // whom it is for
	Hand   *Hand  `json:"hand"`
}

func (s *Signer) sign(version int, what any, random randomness) ([]byte, error) {
	text, err := json.Marshal(what, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	signature, err := s.key.Sign(random, text, sm2.DefaultSM2SignerOpts)
	if err != nil {
		return nil, err
	}
	return json.Marshal(signed{version, text, signature})
}

type randomness interface{ Read([]byte) (int, error) }

// ErrSignature: nobody of the province has said this.
var ErrSignature = errors.New("province: what came down is not signed by the province")

// Verified reads a finding that came down to a county.
func (k *CountyKeys) Verified(county string, data []byte) (*Finding, error) {
	f, _, err := k.Read(county, data)
	if err == nil && f == nil {
		err = errors.New("province: what came down is no finding")
	}
	return f, err
}

// Read reads what came down to a county: a finding, or a word of another county.
func (k *CountyKeys) Read(county string, data []byte) (*Finding, *Hand, error) {
	text, err := k.opened(data)
	if err != nil {
		return nil, nil, err
	}
	var t told
	if err := json.Unmarshal(text, &t); err != nil {
		return nil, nil, err
	}
	if t.County != county {
		return nil, nil, errors.New("province: what came down is for county " + t.County)
	}
	if t.Hand != nil {
		if t.Hand.Word != SaysCards && t.Hand.Addressee() != county || t.Hand.Word == SaysCard {
			return nil, nil, errors.New("province: a word of " + t.Hand.Giver() + " is for county " + t.Hand.Addressee())
		}
		return nil, t.Hand, t.Hand.check()
	}
	var f Finding
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, nil, err
	}
	if f.ID == "" || f.Member == "" {
		return nil, nil, errors.New("province: what came down says nothing of anybody")
	}
	return &f, nil, nil
}

// opened is the text of what came down, if the province signed it.
func (k *CountyKeys) opened(data []byte) (jsontext.Value, error) {
	if len(data) > MostBytes {
		return nil, errors.New("province: what came down is too large")
	}
	var s signed
	if err := json.Unmarshal(data, &s); err != nil || s.Version < 1 {
		return nil, ErrSignature
	}
	if s.Version > Version {
		return nil, ErrNewer
	}
	public, err := sm2.NewPublicKey(k.Verify)
	if err != nil {
		return nil, err
	}
	if !sm2.VerifyASN1WithSM2(public, nil, s.Text, s.Signature) {
		return nil, ErrSignature
	}
	return s.Text, nil
}
