package atrest

import (
	"crypto/ecdsa"
	"encoding/pem"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/smx509"
)

// signCipher is what a signing key is for: SM2 with SM3 and the standard's own identity
// (GB/T 32918.2, GB/T 35276), which other programs check, too.
const signCipher = "sm2-sm3"

// Signer signs what leaves the county's server and must be known again: exports of the
// audit log. Its key lies in the ring's file beside the others.
type Signer struct {
	ID   string
	key  *sm2.PrivateKey
	rand io.Reader
}

// SigningKey takes the newest signing key from a ring's file, and makes one where there is
// none yet.
func SigningKey(path string, now time.Time) (*Signer, error) {
	f, err := read(path)
	if err != nil {
		return nil, err
	}
	if len(f.Signing) == 0 {
		if err := f.add(&f.Signing, signCipher, now, random); err != nil {
			return nil, err
		}
		if err := f.write(path); err != nil {
			return nil, err
		}
		if f, err = read(path); err != nil { // what another process wrote at the same time, if one did
			return nil, err
		}
	}
	k := f.Signing[len(f.Signing)-1]
	key, err := sm2.NewPrivateKey(k.Key)
	if err != nil || k.Cipher != signCipher {
		return nil, damaged(path, errors.Join(err, fmt.Errorf("signing key %s", k.ID)))
	}
	return &Signer{ID: k.ID, key: key, rand: random}, nil
}

// Signing is SigningKey of the file that the ring was read from.
func (r *Ring) Signing(now time.Time) (*Signer, error) {
	if r == nil {
		return nil, ErrNoKey
	}
	return SigningKey(r.path, now)
}

// Hash takes in what is to be signed.
func (s *Signer) Hash() (hash.Hash, error) { return sm2.NewHash(&s.key.PublicKey) }

// Sign signs what a Hash took in: DER, as openssl and others read it.
func (s *Signer) Sign(sum []byte) ([]byte, error) { return sm2.SignASN1(s.rand, s.key, sum, nil) }

// Public is the key by which signatures are checked, as PEM.
func (s *Signer) Public() ([]byte, error) {
	der, err := smx509.MarshalPKIXPublicKey(&s.key.PublicKey)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// PublicKey checks signatures.
type PublicKey struct{ key *ecdsa.PublicKey }

// ParsePublic reads what Public wrote.
func ParsePublic(text []byte) (*PublicKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("不是 PEM 格式的公钥")
	}
	key, err := smx509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("公钥无法读取：%w", err)
	}
	public, ok := key.(*ecdsa.PublicKey)
	if !ok || !sm2.IsSM2PublicKey(public) {
		return nil, errors.New("不是国密 SM2 公钥")
	}
	return &PublicKey{public}, nil
}

// Hash takes in what is said to be signed.
func (p *PublicKey) Hash() (hash.Hash, error) { return sm2.NewHash(p.key) }

// Valid reports whether a signature is this key's, of what a Hash took in.
func (p *PublicKey) Valid(sum, signature []byte) bool { return sm2.VerifyASN1(p.key, sum, signature) }

// Fingerprint names a public key, for comparing it by eye: SM3 of its DER form, in groups.
func (p *PublicKey) Fingerprint() (string, error) {
	der, err := smx509.MarshalPKIXPublicKey(p.key)
	if err != nil {
		return "", err
	}
	sum := sm3.Sum(der)
	text := ""
	for i := 0; i < 16; i += 4 {
		text += fmt.Sprintf(" %x", sum[i:i+4])
	}
	return text[1:], nil
}
