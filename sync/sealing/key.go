// Package sealing opens what tablets sealed to the server (HPKE, RFC 9180): edits
// that a locked tablet hands over unread, and the data key of a tablet whose
// passphrase was forgotten. It keeps the server's key pair in a file beside the
// database. It is not for deciding who may have something opened; hooks ask that.
package sealing

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"doorstep/durable"
)

// File is the key's name in the data directory. Whoever restores a backup restores
// it with the database: without it, what tablets sealed before cannot be opened.
const File = "sealing.key"

const pemType = "PRIVATE KEY"

// Key is the server's key pair.
type Key struct {
	private hpke.PrivateKey
	public  []byte
}

// Public is what a tablet needs to seal, as /schema tells it.
type Public struct {
	ID  string `json:"id"`
	Key string `json:"key"` // the uncompressed point, base64url
}

// Load reads the key of a data directory, or creates it at the first start.
func Load(dir string) (*Key, error) {
	path := filepath.Join(dir, File)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return create(path)
	}
	if err != nil {
		return nil, fmt.Errorf("sealing: read %s: %w", path, err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != pemType {
		return nil, fmt.Errorf("sealing: %s holds no private key: restore it from the backup, or move it away to begin with a new one", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("sealing: parse %s: %w", path, err)
	}
	signing, ok := parsed.(interface {
		ECDH() (*ecdh.PrivateKey, error)
	})
	if !ok {
		return nil, fmt.Errorf("sealing: %s is not a P-256 key", path)
	}
	private, err := signing.ECDH()
	if err != nil {
		return nil, fmt.Errorf("sealing: %s: %w", path, err)
	}
	return of(private)
}

func of(private *ecdh.PrivateKey) (*Key, error) {
	k, err := hpke.NewDHKEMPrivateKey(private)
	if err != nil {
		return nil, err
	}
	return &Key{private: k, public: private.PublicKey().Bytes()}, nil
}

func create(path string) (*Key, error) {
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	if err := durable.WriteFile(path, bytes.NewReader(pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}))); err != nil {
		return nil, fmt.Errorf("sealing: create %s: %w", path, err)
	}
	return of(private)
}

// Public is the half that everybody may know.
func (k *Key) Public() Public {
	sum := sha256.Sum256(k.public)
	return Public{ID: hex.EncodeToString(sum[:8]), Key: base64.RawURLEncoding.EncodeToString(k.public)}
}

// Derive is a key for another purpose, made of the private one: it lies outside of the
// database and is in its backups, as this is.
func (k *Key) Derive(purpose string) ([]byte, error) {
	private, err := k.private.Bytes()
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, private, nil, "doorstep "+purpose, sha256.Size)
}
