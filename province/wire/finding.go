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
func (s *Signer) Sign(f *Finding, random randomness) ([]byte, error) {
	text, err := json.Marshal(f, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	signature, err := s.key.Sign(random, text, sm2.DefaultSM2SignerOpts)
	if err != nil {
		return nil, err
	}
	return json.Marshal(signed{Version, text, signature})
}

type randomness interface{ Read([]byte) (int, error) }

// ErrSignature: nobody of the province has said this.
var ErrSignature = errors.New("province: what came down is not signed by the province")

// Verified reads what came down to a county.
func (k *CountyKeys) Verified(county string, data []byte) (*Finding, error) {
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
	var f Finding
	if err := json.Unmarshal(s.Text, &f); err != nil {
		return nil, err
	}
	if f.County != county || f.ID == "" || f.Member == "" {
		return nil, errors.New("province: what came down is for county " + f.County)
	}
	return &f, nil
}
