package sealing

import (
	"crypto/ecdh"
	"encoding/hex"
	"errors"
	"os"
	"testing"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// vectors is docs/vectors/sealing.json; a member that nobody reads is an error.
type vectors struct {
	Describes string `json:"describes"`
	Server    struct {
		Public
		Private string `json:"private"`
	} `json:"server"`
	Keys        []keyVector `json:"keys"`
	RefusedKeys []keyVector `json:"refused_keys"`
	Ops         []opVector  `json:"ops"`
	RefusedOps  []opVector  `json:"refused_ops"`
}

type keyVector struct {
	Name      string `json:"name"`
	Purpose   string `json:"purpose"`
	Account   string `json:"account"`
	Ephemeral string `json:"ephemeral"` // for who seals
	Key       string `json:"key"`
	Sealed    string `json:"sealed"`
}

type opVector struct {
	Name    string `json:"name"`
	Account string `json:"account"`
	N       int64  `json:"n"`
	ID      string `json:"id"`
	Key     string `json:"key"`
	Data    string `json:"data"`
	Op      string `json:"op"`
	// For who seals.
	Handover string `json:"handover"`
	Nonce    string `json:"nonce"`
	Body     string `json:"body"`
}

func (v opVector) sealed() wire.SealedOp {
	return wire.SealedOp{N: v.N, ID: v.ID, Key: v.Key, Data: v.Data}
}

func readVectors(t *testing.T) (vectors, *Key) {
	t.Helper()
	raw, err := os.ReadFile("../../docs/vectors/sealing.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(raw, &v, json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
	scalar, err := hex.DecodeString(v.Server.Private)
	if err != nil {
		t.Fatal(err)
	}
	private, err := ecdh.P256().NewPrivateKey(scalar)
	if err != nil {
		t.Fatal(err)
	}
	key, err := of(private)
	if err != nil {
		t.Fatal(err)
	}
	return v, key
}

func TestSealedKeysOpenAsTheVectorsSay(t *testing.T) {
	v, server := readVectors(t)
	if got := server.Public(); got != v.Server.Public {
		t.Errorf("the public half is %+v, want %+v", got, v.Server.Public)
	}
	for _, c := range v.Keys {
		got, err := server.OpenKey(c.Purpose, c.Account, c.Sealed)
		if err != nil || hex.EncodeToString(got) != c.Key {
			t.Errorf("%s: %x, %v; want %s", c.Name, got, err, c.Key)
		}
	}
	for _, c := range v.RefusedKeys {
		if got, err := server.OpenKey(c.Purpose, c.Account, c.Sealed); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: opened as %x, %v", c.Name, got, err)
		}
	}
}

func TestSealedOpsOpenAsTheVectorsSay(t *testing.T) {
	v, server := readVectors(t)
	for _, c := range v.Ops {
		got, err := server.OpenOp(c.Account, c.sealed())
		if err != nil || string(got) != c.Op {
			t.Errorf("%s: %s, %v; want %s", c.Name, got, err, c.Op)
		}
	}
	for _, c := range v.RefusedOps {
		if got, err := server.OpenOp(c.Account, c.sealed()); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: opened as %s, %v", c.Name, got, err)
		}
	}
}
