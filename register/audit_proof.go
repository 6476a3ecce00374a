package register

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"doorstep/sync/atrest"

	"github.com/go-json-experiment/json"
)

// AuditProof is what a look at an export found. It needs no database: whoever has the
// files and the key can look.
type AuditProof struct {
	Path        string
	Month       string
	Lines       int64
	Fingerprint string   // of the key that it was checked with
	Faults      []string // in Chinese; none: it is as it was signed
	before      string
	after       string
}

// longestAuditLine bounds a line of an export.
const longestAuditLine = 1 << 20

// ProveAudit checks exports one by one, and that each begins where the one before it ends.
// keyFile "" takes the key that lies beside each file: that shows that file and key belong
// together, and whose key it is the reader compares by its fingerprint.
func ProveAudit(paths []string, keyFile string) ([]AuditProof, error) {
	var out []AuditProof
	for i, path := range paths {
		p := AuditProof{Path: path}
		if err := p.prove(keyFile); err != nil {
			return nil, err
		}
		if i > 0 && out[i-1].after != p.before {
			p.fault("gap", out[i-1].Month, p.Month)
		}
		out = append(out, p)
	}
	return out, nil
}

// keyFor reads the key to check with; "": the one that the file's head names.
func (p *AuditProof) keyFor(keyFile string, head auditHead) (*atrest.PublicKey, error) {
	if keyFile == "" {
		keyFile = keyBeside(p.Path, head.Key)
	}
	text, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, fmt.Errorf(auditWords("no_key"), keyFile, err)
	}
	key, err := atrest.ParsePublic(text)
	if err != nil {
		return nil, fmt.Errorf("%s：%w", keyFile, err)
	}
	p.Fingerprint, err = key.Fingerprint()
	return key, err
}

func (p *AuditProof) fault(key string, args ...any) {
	p.Faults = append(p.Faults, fmt.Sprintf(auditWords(key), args...))
}

func (p *AuditProof) prove(keyFile string) error {
	file, err := os.Open(p.Path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	in := bufio.NewReader(file)
	first, err := in.ReadSlice('\n')
	var head auditHead
	if err != nil || json.Unmarshal(first, &head) != nil || head.Doorstep != auditFormat || !keyName.MatchString(head.Key) {
		p.fault("format")
		return nil
	}
	p.Month, p.before = head.Month, head.Before
	key, err := p.keyFor(keyFile, head)
	if err != nil {
		return err
	}
	sum, err := key.Hash()
	if err != nil {
		return err
	}
	_, _ = sum.Write(first)
	rest := io.TeeReader(in, sum)
	p.chain(rest)
	if _, err := io.Copy(io.Discard, rest); err != nil { // what a fault left unread
		return err
	}
	signature, err := os.ReadFile(p.Path + AuditSigned)
	switch {
	case errors.Is(err, os.ErrNotExist):
		p.fault("no_signature", p.Path+AuditSigned)
	case err != nil:
		return err
	case !key.Valid(sum.Sum(nil), signature):
		p.fault("signature")
	}
	return nil
}

// keyName is what a key is called in a head: it becomes a part of a file's name.
var keyName = regexp.MustCompile(`^[0-9a-f]{8}$`)

// chain goes over the lines behind the head, and stops at the first that does not fit.
func (p *AuditProof) chain(from io.Reader) {
	in := bufio.NewScanner(from)
	in.Buffer(make([]byte, 1<<16), longestAuditLine)
	at, err := linkOf(p.before)
	if err != nil {
		p.fault("format")
		return
	}
	var number int64
	for in.Scan() {
		if strings.HasPrefix(in.Text(), `{"end"`) {
			p.ends(in, hex.EncodeToString(at[:]))
			return
		}
		var l auditLine
		if json.Unmarshal(in.Bytes(), &l) != nil {
			p.fault("line", p.Lines+1)
			return
		}
		if number != 0 && l.Number != number+1 {
			p.fault("missing", number, l.Number)
			return
		}
		number = l.Number
		if at = l.Link(at); l.Chain != hex.EncodeToString(at[:]) {
			p.fault("broken", l.Number, l.At)
			return
		}
		p.Lines++
	}
	p.fault("cut", p.Lines)
}

func (p *AuditProof) ends(in *bufio.Scanner, after string) {
	var end auditEnd
	switch {
	case json.Unmarshal(in.Bytes(), &end) != nil || end.End != p.Month:
		p.fault("format")
	case end.Lines != p.Lines || end.After != after:
		p.fault("end", end.Lines, p.Lines)
	case in.Scan():
		p.fault("behind")
	}
	p.after = end.After
}

func linkOf(text string) (out [32]byte, err error) {
	b, err := hex.DecodeString(text)
	if err == nil && len(b) != len(out) {
		err = errors.New("a link of another length")
	}
	copy(out[:], b)
	return out, err
}
