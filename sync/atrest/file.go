package atrest

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"doorstep/durable"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// File is the ring's name in the data directory, where it lies if the county names no
// other place (serve --keys). There it is in every backup; elsewhere it is in none.
const File = "atrest.keys"

// stored is the ring's file.
type stored struct {
	Sealing []storedKey `json:"sealing"`
	Blind   []storedKey `json:"blind"`
	Signing []storedKey `json:"signing,omitempty"` // made when first needed (sign.go)
}

type storedKey struct {
	ID     string `json:"id"`
	Cipher string `json:"cipher"`
	Made   string `json:"made"` // when, RFC 3339
	Key    []byte `json:"key"`
}

// blindCipher is what a blind key is for.
const blindCipher = "hmac-sm3"

// mostKeys bounds a ring: rotations bring keys in, and Retire takes the old ones out.
const mostKeys = 16

// Load reads a ring's file, or makes it, with one key of each sort, where there is none.
// Its errors say in Chinese what to do.
func Load(path string, now time.Time) (*Ring, error) { return load(path, now, random) }

func load(path string, now time.Time, from io.Reader) (*Ring, error) {
	r := &Ring{path: path, rand: from}
	err := r.Reload()
	if !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	if to, linked := Linked(path); linked {
		return nil, fmt.Errorf("密钥文件 %s 不在，请接回存放密钥的介质，或用保管的副本恢复它", to)
	}
	var f stored
	if err := f.add(&f.Sealing, Ciphers[0], now, from); err != nil {
		return nil, err
	}
	if err := f.add(&f.Blind, blindCipher, now, from); err != nil {
		return nil, err
	}
	if err := f.write(path); err != nil {
		return nil, err
	}
	return r, r.Reload()
}

// Changed reports whether the file is another than the one that was read last.
func (r *Ring) Changed() bool {
	at := fileTime(r.path)
	return !at.IsZero() && !at.Equal(*r.read.Load())
}

func fileTime(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// Reload takes in what another process changed in the file. A file that cannot be read
// changes nothing.
func (r *Ring) Reload() error {
	at := fileTime(r.path)
	f, err := read(r.path)
	if err != nil {
		return err
	}
	k := &keys{byID: map[[idBytes]byte]*key{}}
	for _, s := range f.Sealing {
		id, err := s.id()
		if err != nil {
			return damaged(r.path, err)
		}
		aead, err := newAEAD(s.Cipher, s.Key)
		if err != nil {
			return damaged(r.path, err)
		}
		one := &key{id, s.Cipher, aead}
		k.sealing = append(k.sealing, one)
		k.byID[id] = one
	}
	for _, s := range f.Blind {
		id, err := s.id()
		if err != nil || s.Cipher != blindCipher || len(s.Key) != 32 {
			return damaged(r.path, errors.Join(err, fmt.Errorf("blind key %s", s.ID)))
		}
		k.blind = append(k.blind, blindKey{id, s.Key})
	}
	if len(k.sealing) == 0 || len(k.blind) == 0 || len(k.byID) != len(k.sealing) {
		return damaged(r.path, errors.New("a key is missing or there twice"))
	}
	r.now.Store(k)
	r.read.Store(&at)
	return nil
}

// Linked tells where a ring's file really lies, where the one in the data directory only
// points there (Move).
func Linked(path string) (to string, linked bool) {
	to, err := os.Readlink(path)
	return to, err == nil
}

// Move takes a ring's file to a place outside the data directory, and leaves there what
// points to it: from then on no copy of the data carries the keys.
func Move(path, to string) error {
	if _, linked := Linked(path); linked {
		return errors.New("密钥文件已不在数据目录中")
	}
	to, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	if err := Copy(path, to); err != nil {
		return err
	}
	if err := os.Symlink(to, path+".part"); err != nil {
		return err
	}
	if err := os.Rename(path+".part", path); err != nil {
		return err
	}
	return clearStrays(filepath.Dir(path))
}

// clearStrays removes what a power cut left of a file that was being written: of the
// ring's, it would be the keys.
func clearStrays(dir string) error {
	strays, err := filepath.Glob(filepath.Join(dir, durable.Stray))
	for _, stray := range strays {
		err = errors.Join(err, os.Remove(stray))
	}
	return err
}

// Copy writes a ring's file to a new place, for safe keeping.
func Copy(path, to string) error {
	f, err := read(path)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("%s 已存在，请换一个位置", to)
	}
	return f.write(to)
}

func (s *storedKey) id() (out [idBytes]byte, err error) {
	b, err := hex.DecodeString(s.ID)
	if err != nil || len(b) != idBytes {
		return out, fmt.Errorf("a key is named %q", s.ID)
	}
	return [idBytes]byte(b), nil
}

func damaged(path string, err error) error {
	return fmt.Errorf("密钥文件 %s 已损坏，请用保管的副本恢复它；没有它，已加密的身份证号和记录无法读取：%w", path, err)
}

func read(path string) (*stored, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("读取密钥文件：%w", err)
	}
	var f stored
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, damaged(path, err)
	}
	return &f, nil
}

// add makes a new key the last of its sort.
func (f *stored) add(to *[]storedKey, cipher string, now time.Time, from io.Reader) error {
	if len(*to) >= mostKeys {
		return fmt.Errorf("密钥已有 %d 把，请先用 doorstep keys retire 移除不再使用的旧密钥", mostKeys)
	}
	size := keySize(cipher)
	if cipher == blindCipher || cipher == signCipher {
		size = 32
	}
	if size == 0 {
		return fmt.Errorf("没有 %q 这种加密算法，可选 %v", cipher, Ciphers)
	}
	k := storedKey{Cipher: cipher, Made: now.UTC().Format(time.RFC3339), Key: make([]byte, size)}
	id := make([]byte, idBytes)
	if _, err := io.ReadFull(from, k.Key); err != nil {
		return err
	}
	if _, err := io.ReadFull(from, id); err != nil {
		return err
	}
	k.ID = hex.EncodeToString(id)
	if slices.ContainsFunc(slices.Concat(f.Sealing, f.Blind, f.Signing), func(o storedKey) bool { return o.ID == k.ID || bytes.Equal(o.Key, k.Key) }) {
		return errors.New("atrest: the source of randomness repeats itself")
	}
	*to = append(*to, k)
	return nil
}

// write replaces the file whole, readable by its owner alone.
func (f *stored) write(path string) error {
	if to, linked := Linked(path); linked {
		path = to
	}
	text, err := json.Marshal(f, jsontext.Multiline(true))
	if err != nil {
		return err
	}
	if err := durable.MkdirAll(filepath.Dir(path)); err != nil {
		return err
	}
	return durable.WriteFile(path, bytes.NewReader(text))
}

// Rotate adds new keys to a ring's file: from then on they seal and blind, and what the
// older ones sealed is sealed anew by whoever serves (engine.Reseal). cipher is one of
// Ciphers; blind brings in a new blind key, too.
func Rotate(path, cipher string, blind bool, now time.Time) error {
	f, err := read(path)
	if err != nil {
		return err
	}
	if err := f.add(&f.Sealing, cipher, now, random); err != nil {
		return err
	}
	if blind {
		if err := f.add(&f.Blind, blindCipher, now, random); err != nil {
			return err
		}
	}
	return f.write(path)
}

// Retire takes all keys but the newest of each sort out of a ring's file. Whoever calls it
// has made sure that nothing is sealed under them, in the database and in the backups that
// may still be needed.
func Retire(path string) (taken int, err error) {
	f, err := read(path)
	if err != nil {
		return 0, err
	}
	taken = len(f.Sealing) - 1 + len(f.Blind) - 1
	f.Sealing, f.Blind = f.Sealing[len(f.Sealing)-1:], f.Blind[len(f.Blind)-1:]
	return taken, f.write(path)
}

// Join adds to a ring's file the keys of another that it lacks, as older ones: a backup
// was sealed under those, and what stands under its own.
func Join(path, other string) error {
	f, err := read(path)
	if err != nil {
		return err
	}
	from, err := read(other)
	if err != nil {
		return err
	}
	older := func(own, others []storedKey) []storedKey {
		var out []storedKey
		for _, k := range others {
			if !slices.ContainsFunc(own, func(o storedKey) bool { return o.ID == k.ID }) {
				out = append(out, k)
			}
		}
		return append(out, own...)
	}
	f.Sealing, f.Blind, f.Signing = older(f.Sealing, from.Sealing), older(f.Blind, from.Blind), older(f.Signing, from.Signing)
	return f.write(path)
}

// Described is a key without its secret.
type Described struct {
	ID, Cipher, Made string
}

// Describe lists a ring's keys, the one in use last.
func Describe(path string) (sealing, blind, signing []Described, err error) {
	f, err := read(path)
	if err != nil {
		return nil, nil, nil, err
	}
	tell := func(list []storedKey) (out []Described) {
		for _, k := range list {
			out = append(out, Described{k.ID, k.Cipher, k.Made})
		}
		return out
	}
	return tell(f.Sealing), tell(f.Blind), tell(f.Signing), nil
}
