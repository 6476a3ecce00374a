package hooks

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/domain/zone"
	"doorstep/register"
	"doorstep/sync/engine"
)

// proofOf is what the check of exports says, in a line a file.
func proofOf(t *testing.T, key string, paths ...string) (out []string) {
	t.Helper()
	proofs, err := register.ProveAudit(paths, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range proofs {
		if p.Fingerprint == "" && len(p.Faults) == 0 {
			t.Errorf("%s was checked with no key", p.Path)
		}
		out = append(out, strings.Join(p.Faults, "｜"))
	}
	return out
}

// months lets three months pass, each with work in it, and the chore of each night after.
func months(t *testing.T) (s *site, dir string, files []string) {
	t.Helper()
	at := clockAt(time.Now())
	s, dir = newSiteAt(t, at.now), filepath.Join(t.TempDir(), "审计")
	s.exportAudit() // switched off: nothing happens
	s.AuditTo(dir)
	for range 3 {
		s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
		s.exportAudit()
		s.exportAudit()
		at.pass(28 * 24 * time.Hour) // leaves out no month
	}
	s.exportAudit()
	files, err := filepath.Glob(filepath.Join(dir, "audit-*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return s, dir, files
}

func (s *site) AuditTo(dir string) { s.server.AuditTo = dir }

func (s *site) exportAudit() {
	s.t.Helper()
	s.server.exportAudit()
}

// Each month that is over lies in the folder, once, signed, with all its lines; the months
// join; and that they were taken out stands in the log.
func TestEachMonthOfTheAuditLogIsExportedSignedAndJoinsTheNext(t *testing.T) {
	s, _, files := months(t)
	if len(files) < 2 {
		t.Fatalf("exports: %v", files)
	}
	var all int
	for i, faults := range proofOf(t, "", files...) {
		if faults != "" {
			t.Errorf("%s: %s", files[i], faults)
		}
		text, err := os.ReadFile(files[i])
		if err != nil {
			t.Fatal(err)
		}
		all += bytes.Count(text, []byte(`"number":`))
		if !bytes.Contains(text, []byte(`"name":"worker"`)) || !bytes.Contains(text, []byte(`"label":"上传改动"`)) {
			t.Errorf("%s says nobody's name and no deed in words", files[i])
		}
		if info, err := os.Stat(files[i]); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v %v", files[i], info.Mode(), err)
		}
	}
	now := s.server.Engine.Now().In(zone.China)
	begun := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, zone.China).UTC().Format(time.RFC3339)
	var lines int
	s.must(s.server.App.DB().NewQuery("SELECT count(*) FROM sync_audit WHERE at < '" + begun + "'").Row(&lines))
	if lines == 0 || lines != all {
		t.Errorf("%d lines exported of %d", all, lines)
	}
	if got := s.audited("audit.export"); len(got) != len(files) || !strings.HasPrefix(got[0], engine.Server.ID+" "+time.Now().In(zone.China).Format("2006-01")+" 共") {
		t.Errorf("the audit log has %v of %d exports", got, len(files))
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(files[0]), "*.part")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// Whatever is done to an export is said in words that name the place.
func TestWhateverIsDoneToAnExportIsFound(t *testing.T) {
	s, dir, files := months(t)
	key, err := filepath.Glob(filepath.Join(dir, "audit-signing-*.pem"))
	if err != nil || len(key) != 1 {
		t.Fatalf("keys: %v %v", key, err)
	}
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(whole), "\n")
	for name, x := range map[string]struct {
		text string
		says []string
	}{
		"another who":      {strings.Replace(string(whole), `"account":"`, `"account":"x`, 1), []string{"断链", "签名不符"}},
		"another name":     {strings.Replace(string(whole), `"name":"worker"`, `"name":"worker2"`, 1), []string{"签名不符"}}, // the chain does not cover names
		"a line gone":      {strings.Join(append(append([]string{}, lines[:3]...), lines[4:]...), ""), []string{"中间的记录被删除", "签名不符"}},
		"the end gone":     {strings.Join(lines[:5], ""), []string{"截断", "签名不符"}},
		"a line behind it": {string(whole) + lines[2], []string{"结尾之后", "签名不符"}},
		"another end":      {strings.Replace(string(whole), `"after":"`, `"after":"0`, 1), []string{"结尾写明", "签名不符"}},
		"no export":        {"{}\n", []string{"不是铁脚板的审计导出文件"}},
		"nothing":          {"", []string{"不是铁脚板的审计导出文件"}},
		"a long line":      {lines[0] + strings.Repeat("x", 2<<20) + "\n", []string{"签名不符"}},
	} {
		path := filepath.Join(t.TempDir(), filepath.Base(files[0]))
		s.must(os.WriteFile(path, []byte(x.text), 0o600))
		signature, err := os.ReadFile(files[0] + register.AuditSigned)
		s.must(err)
		s.must(os.WriteFile(path+register.AuditSigned, signature, 0o600))
		got := proofOf(t, key[0], path)[0]
		for _, want := range x.says {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q says nothing of %s", name, got, want)
			}
		}
		s.must(os.Remove(path + register.AuditSigned))
		if got := proofOf(t, key[0], path)[0]; len(x.text) > 10 && !strings.Contains(got, "没有签名文件") {
			t.Errorf("%s, without its signature: %q", name, got)
		}
	}
	if got := proofOf(t, "", files[0], files[0])[1]; !strings.Contains(got, "首尾不相接") {
		t.Errorf("a month that does not follow: %q", got)
	}
	elsewhere := newSite(t)
	signer, err := elsewhere.server.Engine.Ring().Signing(time.Now())
	s.must(err)
	foreign, err := signer.Public()
	s.must(err)
	path := filepath.Join(t.TempDir(), "foreign.pem")
	s.must(os.WriteFile(path, foreign, 0o600))
	if got := proofOf(t, path, files[0])[0]; !strings.Contains(got, "签名不符") {
		t.Errorf("another server's key: %q", got)
	}
	if _, err := register.ProveAudit(files[:1], path+".none"); err == nil || !strings.Contains(err.Error(), "没有校验用的公钥") {
		t.Errorf("without a key: %v", err)
	}
}

// A month that is not over is not written, and none over another.
func TestAMonthIsExportedWhenItIsOverAndOnce(t *testing.T) {
	s, dir, files := months(t)
	export := func(month string) error {
		_, err := s.server.auditing().Export(t.Context(), engine.Server, "", month, dir)
		return err
	}
	now, first := s.server.Engine.Now().In(zone.China).Format("2006-01"), monthOf(files[0])
	for month, says := range map[string]string{now: "还没有过完", first: "已存在", "2026-13": "月份应为", "": "月份应为"} {
		if err := export(month); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", month, err)
		}
	}
	// An empty month is a file, too: nothing happened is a statement.
	s.must(export("2020-01"))
	if got := fmt.Sprint(proofOf(t, "", filepath.Join(dir, "audit-2020-01.jsonl"), files[0])); got != "[ ]" {
		t.Errorf("an empty month before the first: %s", got)
	}
}

func monthOf(path string) string {
	return strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "audit-"), ".jsonl")
}
