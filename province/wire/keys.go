package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"

	"github.com/emmansun/gmsm/sm2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ProvinceKeys stay at the province: they open what counties seal, and sign what goes
// down.
type ProvinceKeys struct {
	Private []byte `json:"private"` // SM2, opens envelopes
	Signing []byte `json:"signing"` // SM2, signs
	Blind   []byte `json:"blind"`   // HMAC-SM3, shared with the counties
}

// CountyKeys are what each county of the province is given, on paper's way, not by the
// stream: with the blind key, whoever has the stream could try numbers.
type CountyKeys struct {
	Public []byte `json:"public"` // seals to the province
	Verify []byte `json:"verify"` // the province's signature
	Blind  []byte `json:"blind"`
}

// NewKeys makes a province's keys.
func NewKeys(random io.Reader) (*ProvinceKeys, error) {
	private, err := sm2.GenerateKey(random)
	if err != nil {
		return nil, err
	}
	signing, err := sm2.GenerateKey(random)
	if err != nil {
		return nil, err
	}
	k := &ProvinceKeys{Private: private.D.FillBytes(make([]byte, 32)), Signing: signing.D.FillBytes(make([]byte, 32)), Blind: make([]byte, 32)}
	_, err = io.ReadFull(random, k.Blind)
	return k, err
}

// County is the half that counties are given.
func (k *ProvinceKeys) County() (*CountyKeys, error) {
	public, err := publicOf(k.Private)
	if err != nil {
		return nil, err
	}
	verify, err := publicOf(k.Signing)
	if err != nil {
		return nil, err
	}
	return &CountyKeys{Public: public, Verify: verify, Blind: k.Blind}, nil
}

func publicOf(private []byte) ([]byte, error) {
	k, err := sm2.NewPrivateKey(private)
	if err != nil {
		return nil, err
	}
	public, err := sm2.PublicKeyToECDH(&k.PublicKey)
	if err != nil {
		return nil, err
	}
	return public.Bytes(), nil
}

// Name changes with the keys, and tells nothing about them.
func (k *CountyKeys) Name() string {
	sum := sha256.Sum256(slices.Concat(k.Public, k.Verify, k.Blind))
	return hex.EncodeToString(sum[:8])
}

// Text is a file's content.
func Text(keys any) ([]byte, error) { return json.Marshal(keys, jsontext.Multiline(true)) }

var errKeys = errors.New("省级密钥文件已损坏，或不是这种密钥文件；请重新领取")

// ParseCountyKeys reads a county's file.
func ParseCountyKeys(text []byte) (*CountyKeys, error) {
	var k CountyKeys
	if err := json.Unmarshal(text, &k); err != nil || len(k.Blind) != 32 || len(k.Public) != 65 || len(k.Verify) != 65 {
		return nil, errKeys
	}
	_, err := k.encryptTo()
	return &k, err
}

// ParseProvinceKeys reads the province's file.
func ParseProvinceKeys(text []byte) (*ProvinceKeys, error) {
	var k ProvinceKeys
	if err := json.Unmarshal(text, &k); err != nil || len(k.Blind) != 32 || len(k.Private) != 32 || len(k.Signing) != 32 {
		return nil, errKeys
	}
	_, err := k.County()
	return &k, err
}
